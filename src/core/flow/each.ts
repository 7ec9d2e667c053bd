import { mapAsync, type MapAsyncOptions } from '../demand/mapAsync.js';
import { flow, type Flow } from './flow.js';

/**
 * Runs a flow for each value of a stream, at most `concurrency` at a time, in input order or (`ordered: false`) as they come.
 *
 * ```text
 * -ab|
 * each(lambda((x) => timer(3).pipe(map(() => x))))
 * ----a--(b|)
 * ```
 *
 * *Demand*: a boundary of `concurrency`. *Timing*: the flow's. *Errors*: the source's and the flow's.
 *
 * @example
 * ```ts
 * import { each, lambda, pull } from 'rivulet';
 *
 * pull([1, 2, 3]).pipe(each(lambda(async (n: number) => n * 2), { concurrency: 2 })).subscribe();
 * ```
 */
export function each<I, O, R>(target: Flow<I, O, R>, options: MapAsyncOptions = {}): Flow<I, O, R> {
  return flow(`each(${target.name})`, mapAsync((value: I) => target.run(value), options), { fold: target.fold });
}
