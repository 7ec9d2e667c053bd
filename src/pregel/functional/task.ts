import type { Result } from '../../core/bridge/result.js';
import { jsonFault } from '../../channels/requireJson.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { canonicalJson } from '../../core/flow/canonicalJson.js';
import { flow, isFlow, type Flow } from '../../core/flow/flow.js';
import { lambda } from '../../core/flow/lambda.js';
import { whole } from '../../core/flow/whole.js';
import type { TaskScope } from '../../core/context/TaskScope.js';
import { nestingOf, type Nesting } from '../engine/Nesting.js';
import { resultOf } from '../graph/resultOf.js';
import { inScope } from './inScope.js';
import { TaskCall } from './TaskCall.js';

/**
 * Makes a flow whose result is kept: in an entrypoint (or a node) that runs again, after an interrupt, a failure or a crash, it gives the
 * result it gave before, and isn't run. It is found again by its name and its input. Elsewhere it is the flow that it is made of.
 *
 * *Errors*: those of the work, which aren't kept; in a node `INVALID_INPUT` for an input that isn't JSON, and where a thread is kept
 * `INVALID_UPDATE` for a result that isn't.
 *
 * @param work a callback, or a flow: `task('fetch', withRetry(fetchPage))`
 *
 * @example
 * ```ts
 * import { entrypoint, memoryCheckpointer, task } from 'rivulet/pregel';
 *
 * const write = task('write', async (topic: string) => `An essay about ${topic}`);
 * const essay = entrypoint('essay', async (topic: string, run) => {
 *   const draft = await write.invoke(topic, run);
 *   const approved = await run.answer({ draft });
 *   return approved ? draft : '';
 * }, { checkpointer: memoryCheckpointer() });
 * await essay.invoke('cats', { thread: '1' }); // asks
 * ```
 */
export function task<I, R>(name: string, work: Flow<I, unknown, R> | ((input: I, run: RunScope) => Result<R>)): Flow<I, R> {
  const working = (isFlow(work) ? work : lambda(work as (input: I, run: RunScope) => unknown, name)) as Flow<I, unknown, R>;
  const step = (input: I, run: RunScope): Result<R> => {
    const node = nestingOf(run) as (TaskScope & Nesting) | undefined;
    if (!node) return resultOf(working, input, run, asItIs);
    const call = node.nextCall(`${name} ${textOf(name, input)}`);
    const scope = new TaskCall(node, call);
    return node.once(call, () => inScope(scope, resultOf(working, input, run, asItIs))) as Result<R>;
  };
  return flow<I, R>(name, whole(step) as never, { kind: 'node' });
}

/** What its input is known by; of a task that takes none, nothing. */
function textOf(name: string, input: unknown): string {
  if (input === undefined) return '';
  const fault = jsonFault(input, 'input');
  if (!fault) return canonicalJson(input);
  throw new RivuletError('INVALID_INPUT', `task '${name}' was given ${fault.what}, at ${fault.at}. It is found again by its input: give it plain data`);
}

const asItIs = <T>(value: T): T => value;
