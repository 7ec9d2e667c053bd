import { RivuletError } from '../../core/errors/RivuletError.js';
import type { Flow } from '../../core/flow/flow.js';
import { ask } from './ask.js';
import { deciding, type Decide } from './deciding.js';
import { toFlow, type AnyStep, type AnySteps, type ChunkOf, type InputOf, type ResultOf, type Step, type Steps } from './step.js';

/**
 * Runs the flow whose name a selector gives. The input is made whole first; the chunks of what runs go through as they come,
 * and the route folds as it does.
 *
 * ```text
 * -x------|
 * route(kind, { question: answer, order: book })
 * ---a-b--|   what `answer` emits
 * ```
 *
 * *Demand*: transparent, to the flow that runs. *Timing*: the selector's and the flow's. *Errors*: the source's, the
 * selector's and the flow's; `NO_ROUTE` for a name that no flow has.
 *
 * @param selector a callback that gets the whole input and `run` (of an Observable the first value counts), or a flow, such as
 * a model that classifies (its result counts)
 *
 * @example
 * ```ts
 * import { lambda, route } from 'rivulet';
 *
 * const reply = route((text: string) => (text.endsWith('?') ? 'question' : 'order'), {
 *   question: lambda(() => 'Let me see.'),
 *   order: lambda(() => 'At once.'),
 * });
 * const result = await reply.invoke('Tea?'); // 'Let me see.'
 * ```
 */
export function route<I, const S extends Steps<I>>(selector: Step<I>, flows: S): Flow<I, ChunkOf<S[keyof S]>, ResultOf<S[keyof S]>>;
export function route<const P extends AnyStep, const S extends AnySteps>(selector: P, flows: S): Flow<InputOf<P | S[keyof S]>, ChunkOf<S[keyof S]>, ResultOf<S[keyof S]>>;
export function route(selector: unknown, flows: AnySteps): Flow<unknown, unknown, unknown> {
  const targets = new Map(Object.entries(flows).map(([key, step]) => [key, toFlow(step, key)] as const));
  const known = [...targets.keys()].join(', ');
  if (targets.size === 0) throw new RivuletError('INVALID_OPTION', 'route has no flows to choose from. Give at least one, as { name: flow }');

  const decide: Decide = (input, run, subscriber, begin) => {
    ask(selector as AnyStep, input, run, subscriber, (key) => {
      const target = targets.get(key as string);
      if (!target) throw new RivuletError('NO_ROUTE', `the selector of a route gave ${shown(key)}. Known names: ${known}`, { path: run.path });
      begin(target);
    });
  };
  return deciding(`route(${known})`, [...targets.values()], decide);
}

const shown = (key: unknown): string => (typeof key === 'string' ? `'${key.slice(0, 80)}'` : key === undefined ? 'nothing' : `a ${typeof key}, not a name`);
