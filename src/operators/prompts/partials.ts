import type { RunScope } from '../../core/context/RunScope.js';
import type { Values } from './template.js';

/** Values given in advance; a function is asked in each run. */
export type Partials<V> = { readonly [K in keyof V]?: V[K] | ((run: RunScope) => V[K]) };

/** The variables that are left. */
export type Left<V, P> = Omit<V, keyof P>;

/** The variables of a run, over those given in advance. */
export function withPartials(partials: Values | undefined, values: Values, run: RunScope): Values {
  if (!partials) return values;
  const given = Object.entries(partials).map(([name, value]) => [name, typeof value === 'function' ? (value as (run: RunScope) => unknown)(run) : value] as const);
  return { ...Object.fromEntries(given), ...values };
}
