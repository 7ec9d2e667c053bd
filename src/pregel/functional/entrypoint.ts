import { filter, map, pipe } from 'rxjs';
import type { Result } from '../../core/bridge/result.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { lambda } from '../../core/flow/lambda.js';
import { ephemeral } from '../../channels/ephemeral.js';
import { lastValue } from '../../channels/lastValue.js';
import { graphStep, type CompileOptions, type GraphInput } from '../compiledGraph.js';
import type { Nesting } from '../engine/Nesting.js';
import type { TaskScope } from '../../core/context/TaskScope.js';
import { compilePlan } from '../graph/compilePlan.js';
import { isCommand, resume } from '../graph/command.js';
import type { NodePolicy } from '../graph/GraphPlan.js';
import { START } from '../graph/names.js';
import { resultOf } from '../graph/resultOf.js';
import { lastOrNone } from '../lastOrNone.js';
import { threadMethods, type ThreadMethods } from '../threadMethods.js';
import { isFinal, type Final } from './final.js';
import { inScope } from './inScope.js';
import { previousOf, TaskCall } from './TaskCall.js';

export interface EntrypointOptions extends Omit<CompileOptions, 'interruptBefore' | 'interruptAfter'>, Pick<NodePolicy, 'retry' | 'timeout'> {}

/** What is kept, in place of a value that may be `undefined`. */
interface Kept {
  readonly value: unknown;
}

type State = Readonly<Record<string, Kept | undefined>>;

/**
 * Makes a flow of one function that can wait, fail and be gone on with as a graph can: what its tasks did is kept, and isn't done
 * again when the function runs anew. `invoke(resume(answer), { thread })` answers what it waits for, `invoke(null, { thread })` goes
 * on after a failure. While it waits its result is `undefined`; `getState({ thread })` says what it asks, and what was saved last.
 *
 * @param fn gets the input and `run`, to be handed on to its tasks: `await task.invoke(x, run)`
 *
 * @example
 * ```ts
 * import { entrypoint, memoryCheckpointer, previousState } from 'rivulet/pregel';
 *
 * const total = entrypoint('total', (n: number, run) => n + (previousState<number>(run) ?? 0), { checkpointer: memoryCheckpointer() });
 * await total.invoke(2, { thread: 'a' }); // 2
 * await total.invoke(3, { thread: 'a' }); // 5
 * ```
 */
export function entrypoint<I, T>(name: string, fn: (input: I, run: RunScope) => Result<T>, { retry, timeout, ...options }: EntrypointOptions = {}): Entrypoint<I, T> {
  const [input, value, saved] = [`${name}.input`, `${name}.value`, `${name}.saved`];
  const work = lambda(fn as (input: unknown, run: RunScope) => unknown, name);
  const body = (state: State, run: RunScope): Result<object> => {
    const scope = new TaskCall(run.task as TaskScope & Nesting, name, state[saved]?.value);
    return inScope(scope, resultOf(work, state[input]?.value, run, written)) as Result<object>;
  };
  const written = (result: unknown): object => (isFinal(result) ? { [value]: { value: result.value }, [saved]: { value: result.save } } : { [value]: { value: result }, [saved]: { value: result } });
  const { plan } = compilePlan({
    channels: { [input]: lastValue<Kept>(), [value]: ephemeral<Kept>(), [saved]: lastValue<Kept>() },
    input: [input],
    output: [value],
    nodes: [{ name, node: body, options: { ...(retry && { retry }), ...(timeout && { timeout }) } }],
    edges: [{ from: START, to: name }],
    branches: [],
    defaults: {},
  }, { name });
  const given = map((one: GraphInput<I>): unknown => (one === null || one === undefined || isCommand(one) ? one : { [input]: { value: one } }));
  const kept = map((state: object) => (state as State)[value]);
  const done = pipe(filter((one: Kept | undefined) => one !== undefined), map((one) => one.value as Outcome<T>));
  const run: Flow<GraphInput<I>, Outcome<T>, Outcome<T> | undefined> = flow(name, pipe(given, graphStep(plan, options), kept, done), { fold: lastOrNone(), kind: 'graph', resume: (given) => (given ? (resume(given.answer) as GraphInput<I>) : null) });
  return Object.assign(run, threadMethods(plan, options, (state) => (state as State)[saved]?.value as Saved<T> | undefined));
}

/** A function as a flow, and its threads: their states are what it saved last, `undefined` before it has ended once. */
export interface Entrypoint<I, T> extends Flow<GraphInput<I>, Outcome<T>, Outcome<T> | undefined>, ThreadMethods<Saved<T> | undefined> {}

/** What an entrypoint's function returns, of a `final` its value. */
export type Outcome<T> = T extends Final<infer V, unknown> ? V : T;

/** What an entrypoint's function leaves for its next run on the thread: what it returns, of a `final` the `save`. */
export type Saved<T> = T extends Final<unknown, infer S> ? S : T;

/** What the entrypoint that `run` belongs to saved on its thread when it last ended: what it returned, or the `save` of a `final`. */
export function previousState<S>(run: RunScope): S | undefined {
  return previousOf(run.task) as S | undefined;
}
