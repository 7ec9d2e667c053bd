import type { Observable } from 'rxjs';
import type { AssistantMessage, Message, ToolMessage } from '../../operators/messages/Message.js';
import { callTools, type CallToolsOptions } from '../../operators/tools/callTools.js';
import type { Tools } from '../../operators/tools/toolkit.js';
import type { NodeFunction } from '../graph/NodeFunction.js';
import { resultOf } from '../graph/resultOf.js';

export interface ToolNodeOptions<K extends string, W extends string> extends CallToolsOptions {
  /** The channel of the conversation. Default `'messages'`. */
  readonly reads?: K;
  /** The channel that the results are written to. Default: the one it reads. */
  readonly writes?: W;
}

/**
 * A node that runs the tools called by the last message of a conversation, several at a time, and appends their results in the
 * order of the calls. What goes wrong in a tool is a result too, for the model to read.
 *
 * *Demand*: a boundary of `concurrency`. *Timing*: the tools'. *Errors*: `INVALID_MESSAGE` if the last message calls no
 * tools; what `onError` throws.
 *
 * @throws RivuletError `TOOL_DUPLICATE`, `TOOL_SCHEMA`, `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { scripted, textOf, tool, user, type Message } from 'rivulet';
 * import { messages } from 'rivulet/channels';
 * import { modelNode, START, StateGraph, toolNode, toolsCondition } from 'rivulet/pregel';
 * import { z } from 'zod';
 *
 * const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });
 * const model = scripted([{ when: 'sum', calls: [{ name: 'add', args: { a: 1, b: 2 } }] }, { after: 'add', reply: 'It is {result}.' }]);
 * const agent = new StateGraph({ messages: messages<Message>() })
 *   .addNode('model', modelNode(model, { tools: [add] }))
 *   .addNode('tools', toolNode([add]))
 *   .addEdge(START, 'model')
 *   .addConditionalEdges('model', toolsCondition)
 *   .addEdge('tools', 'model')
 *   .compile();
 * const { messages: said } = await agent.invoke({ messages: user('the sum, please') }); // the last: 'It is 3.'
 * ```
 */
export function toolNode<const K extends string = 'messages', const W extends string = K>(
  tools: Tools,
  options: ToolNodeOptions<K, W> = {},
): NodeFunction<{ readonly [Key in NoInfer<K>]: readonly Message[] }, Observable<{ readonly [Key in NoInfer<W>]: readonly ToolMessage[] }>> {
  const { reads = 'messages' as K, writes = reads as string as W, ...calling } = options;
  const answer = callTools(tools, calling);
  return (state, run) => resultOf(answer, state[reads].at(-1) as AssistantMessage, run, (results) => ({ [writes]: results }) as { readonly [Key in W]: readonly ToolMessage[] });
}
