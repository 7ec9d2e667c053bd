import type { Observable } from 'rxjs';
import type { RunScope } from '../core/context/RunScope.js';
import type { WholeOf } from '../core/flow/whole.js';
import { createSource } from '../core/subscription.js';
import { timeline, type TimelineStep } from '../operators/models/scripted/timeline.js';
import type { Tool } from '../operators/tools/buildTool.js';
import type { Schema } from '../operators/tools/schema.js';
import { tool as realTool } from '../operators/tools/tool.js';
import { CallLog, type CallFrames } from './CallLog.js';
import { answersOf } from './marbleDiagram.js';

export interface TestToolOptions<N extends string> {
  /** Default `tool`. */
  readonly name?: N;
  readonly description?: string;
  /** Default: any object. */
  readonly input?: Schema;
  /** What `#` stands for. Default: an `Error`. */
  readonly error?: unknown;
}

/** A tool that answers with marble diagrams, and remembers what it was called with. */
export interface TestTool<T = unknown, N extends string = string> extends Tool<unknown, T, WholeOf<T>, N> {
  /** How often it was called. */
  readonly calls: number;
  /** What it was called with. */
  readonly inputs: readonly unknown[];
  /** For `expectSubscriptions`: when each call began and ended. */
  readonly subscriptions: CallFrames[];
  readonly log: CallLog;
}

/**
 * A tool whose answers are marble diagrams, which begin when it is called. Several are its answers in turn, over and
 * over. `#` fails, a diagram without an end hangs, and a letter without a value stands for itself.
 *
 * ```text
 * tool('--p-(r|)', { p: 'half done', r: 3 }, { name: 'add' })
 * ```
 *
 * *Demand*: a source, waits at the nearest boundary. *Timing*: the run's scheduler. *Errors*: `error`, at `#`.
 *
 * @example
 * ```ts
 * import { marbles, tool } from 'rivulet/testing';
 *
 * marbles(({ expectRun }) => {
 *   const add = tool('---(r|)', { r: 3 }, { name: 'add' });
 *   expectRun(add, { a: 1, b: 2 }).toBe('---(r|)', { r: 3 });
 * })();
 * ```
 */
export function tool<T = string, const N extends string = 'tool'>(timelines: string | readonly string[], values: Readonly<Record<string, T>> = {}, options: TestToolOptions<N> = {}): TestTool<NoInfer<T>, N> {
  const { name = 'tool' as N, description, input = { type: 'object' }, error = failure(name) } = options;
  const calls = new ToolCalls(name, answersOf(timelines, values, error));
  const made = realTool({ name, description, input: input as { readonly type: 'object' }, run: (args: unknown, run) => calls.answer(args, run) });
  return Object.defineProperties(made, {
    calls: { get: () => calls.inputs.length },
    inputs: { get: () => calls.inputs },
    subscriptions: { get: () => calls.log.subscriptions },
    log: { value: calls.log },
  }) as unknown as TestTool<T, N>;
}

class ToolCalls<T> {
  readonly inputs: unknown[] = [];
  readonly log: CallLog;

  constructor(
    name: string,
    private readonly answers: readonly (readonly TimelineStep<T>[])[],
  ) {
    this.log = new CallLog(`tool '${name}'`);
  }

  answer(args: unknown, run: RunScope): Observable<T> {
    const answer = createSource<T>((subscriber) => {
      const steps = this.answers[this.inputs.length % this.answers.length] as readonly TimelineStep<T>[];
      this.inputs.push(args);
      return timeline(steps, run.scheduler).subscribe(subscriber);
    });
    return this.log.watch(answer, run.scheduler);
  }
}

function failure(name: string): Error {
  return new Error(`the timeline of the tool '${name}' fails here. Give tool(timeline, values, { error }) an error of your own`);
}
