import { mapAsync } from '../../core/demand/mapAsync.js';
import { pull } from '../../core/demand/pull.js';
import { requireCount } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { list } from '../../core/flow/fold.js';
import { whole, type WholeInput } from '../../core/flow/whole.js';
import type { ToolCallBlock } from '../messages/ContentBlock.js';
import type { AssistantMessage, ToolMessage } from '../messages/Message.js';
import type { AnyTool, ToolPolicies } from './buildTool.js';
import { explainToolError, runToolCall, type OnToolError } from './runToolCall.js';
import { toToolkit, type Tools } from './toolkit.js';

/** `timeoutMs` and `retry` are for the tools that set none themselves. */
export interface CallToolsOptions extends ToolPolicies {
  /** Calls at a time. Default 4, and no more than the run's `maxConcurrency`. */
  readonly concurrency?: number | undefined;
  /**
   * Makes the result of a failed call: a `toolOutput` as it says, anything else as an error for the model to read. What it
   * throws fails the run. Default: the error's message.
   */
  readonly onError?: OnToolError | undefined;
}

/**
 * Runs the tool calls of an assistant message, several at a time, and emits their results in the order of the calls. An
 * unknown tool, arguments that don't fit, a timeout and a thrown error become results that the model reads.
 *
 * ```text
 * -m|                  m calls slow (5 ms), then fast (2 ms)
 * callTools([slow, fast])
 * ------(sf|)          fast began when slow did
 * ```
 *
 * *Demand*: a boundary of `concurrency`. *Timing*: the tools'. *Errors*: `INVALID_MESSAGE` for what calls no tools; what
 * `onError` throws.
 *
 * @throws RivuletError `TOOL_DUPLICATE`, `TOOL_SCHEMA`, `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { assistant, callTools, tool } from 'rivulet';
 * import { z } from 'zod';
 *
 * const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });
 * const asked = assistant('', { toolCalls: [{ id: 'c1', name: 'add', args: { a: 1, b: 2 } }] });
 * const results = await callTools([add]).invoke(asked); // one tool message: '3'
 * ```
 */
export function callTools(tools: Tools, options: CallToolsOptions = {}): Flow<WholeInput<AssistantMessage>, ToolMessage, readonly ToolMessage[]> {
  const { concurrency = 4, onError = explainToolError } = options;
  requireCount('concurrency', concurrency, { infinite: true });
  const byName = new Map(toToolkit(tools).tools.map((tool) => [tool.name, limited(tool, options)]));
  const answer = whole((message: AssistantMessage, run) =>
    pull(callsOf(message)).pipe(
      mapAsync((call, _index, callRun) => runToolCall(call, byName, onError, callRun), { concurrency: Math.min(concurrency, run.maxConcurrency) }),
    ),
  );
  return flow('callTools', answer, { fold: list() });
}

/** The tool under the policies for all, where it has none of its own. */
function limited(tool: AnyTool, { timeoutMs, retry }: ToolPolicies): AnyTool {
  if ((timeoutMs === undefined || tool.timeoutMs !== undefined) && (!retry || tool.retry)) return tool;
  return tool.with({ timeoutMs: tool.timeoutMs ?? timeoutMs, retry: tool.retry ?? retry });
}

function callsOf(message: Partial<AssistantMessage> | undefined): readonly ToolCallBlock[] {
  const calls = message?.role === 'assistant' ? message.toolCalls : undefined;
  if (calls?.every(({ id }) => id !== '')) return calls;
  throw new RivuletError('INVALID_MESSAGE', 'callTools was given something other than an assistant message whose tool calls have ids. Put it after chat(model, { tools }), or make the message with assistant()');
}
