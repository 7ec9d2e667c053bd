import type { ChainSignature } from './chainSignature.js';
import { sequence } from './flow.js';
import type { Step } from './composed.js';

/**
 * A typed `pipe` that returns a flow. Streaming goes through it: each chunk runs on as it comes. Nested chains flatten, plain
 * RxJS operators are welcome anywhere, and the chain folds as its last step does, if that is a flow.
 *
 * ```text
 * -a-b-c|
 * chain(map(f), map(g))
 * -x-y-z|   x = g(f(a))
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: those of its steps.
 *
 * @example
 * ```ts
 * import { chain, lambda } from 'rivulet';
 *
 * const c = chain(lambda((n: number) => n + 1), lambda((n: number) => `${n}`));
 * const result = await c.invoke(1); // '2'
 * ```
 */
export const chain: ChainSignature = (...parts: readonly Step[]) => sequence(parts) as never;
