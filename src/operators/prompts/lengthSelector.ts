import { requireCount } from '../../core/errors/optionChecks.js';
import type { ExampleSelector } from './fewShot.js';

export interface LengthSelectorOptions {
  /** How long the variables and the examples together may be, by `lengthOf`. */
  readonly maxLength: number;
  /** The length of the variables, and of one example. Default: the characters of their values. */
  readonly lengthOf?: ((values: unknown) => number) | undefined;
}

/**
 * Chooses as many examples as fit, in order: few for a long input, many for a short one.
 *
 * @example
 * ```ts
 * import { fewShot, lengthSelector } from 'rivulet';
 *
 * const shots = fewShot({
 *   examples: [{ q: 'hot', a: 'cold' }, { q: 'tall', a: 'short' }],
 *   example: '{q} -> {a}',
 *   selector: lengthSelector({ maxLength: 12 }),
 * });
 * const text = await shots.invoke({ word: 'big' }); // 'hot -> cold'
 * ```
 */
export function lengthSelector({ maxLength, lengthOf = charactersOf }: LengthSelectorOptions): <E>(variables: unknown, examples: readonly E[]) => readonly E[] {
  requireCount('maxLength', maxLength, { min: 0, infinite: true });
  const select = <E>(variables: unknown, examples: readonly E[]): readonly E[] => {
    let left = maxLength - lengthOf(variables);
    const end = examples.findIndex((example) => (left -= lengthOf(example)) < 0);
    return end === -1 ? examples : examples.slice(0, end);
  };
  return select satisfies ExampleSelector<unknown, unknown>;
}

function charactersOf(values: unknown): number {
  if (typeof values === 'object' && values !== null) return Object.values(values).reduce<number>((sum, value) => sum + charactersOf(value), 0);
  return values === undefined || values === null ? 0 : String(values).length;
}
