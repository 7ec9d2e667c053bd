import type { Observable } from 'rxjs';
import type { AssistantMessage, Message } from '../../operators/messages/Message.js';
import { system } from '../../operators/messages/system.js';
import type { ContentInput } from '../../operators/messages/toContent.js';
import { chat } from '../../operators/models/chat.js';
import type { ChatModel, ChatOptions } from '../../operators/models/ChatModel.js';
import type { Ask } from '../../operators/tools/loopTurn.js';
import { toToolkit, type Tools } from '../../operators/tools/toolkit.js';
import { isFlow } from '../../core/flow/flow.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { NodeFunction } from '../graph/NodeFunction.js';
import { resultOf } from '../graph/resultOf.js';

export interface ModelNodeOptions<K extends string, W extends string> extends Omit<ChatOptions, 'tools'> {
  /** The tools that the model may call; `toolNode` runs them. */
  readonly tools?: Tools;
  /** What the model is told before everything else. It isn't written. */
  readonly system?: ContentInput;
  /** The channel of the conversation. Default `'messages'`. */
  readonly reads?: K;
  /** The channel that the answer is written to. Default: the one it reads. */
  readonly writes?: W;
}

/**
 * A node that asks a model with a conversation and appends its answer.
 *
 * *Demand*: transparent, to the model's socket. *Timing*: the model's. *Errors*: the model's, as `MODEL_*` codes.
 *
 * @param model a model, or to wrap how it is asked, a flow: `withRetry(chat(model, { tools: kit.definitions }))`
 *
 * @throws RivuletError `TOOL_DUPLICATE`, `TOOL_SCHEMA`, `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { scripted, user, type Message } from 'rivulet';
 * import { messages } from 'rivulet/channels';
 * import { modelNode, START, StateGraph } from 'rivulet/pregel';
 *
 * const graph = new StateGraph({ messages: messages<Message>() })
 *   .addNode('model', modelNode(scripted([{ reply: 'Hi!' }])))
 *   .addEdge(START, 'model')
 *   .compile();
 * const { messages: said } = await graph.invoke({ messages: user('Hello') }); // two messages
 * ```
 */
export function modelNode<const K extends string = 'messages', const W extends string = K>(
  model: ChatModel | Ask,
  options: ModelNodeOptions<K, W> = {},
): NodeFunction<{ readonly [Key in NoInfer<K>]: readonly Message[] }, Observable<{ readonly [Key in NoInfer<W>]: AssistantMessage }>> {
  const { tools, system: told, reads = 'messages' as K, writes = reads as string as W, ...asked } = options;
  const ask = askOf(model, tools, asked);
  const head = told === undefined ? [] : [system(told)];
  return (state, run) => resultOf(ask, [...head, ...state[reads]], run, (answer) => ({ [writes]: answer }) as { readonly [Key in W]: AssistantMessage });
}

function askOf(model: ChatModel | Ask, tools: Tools | undefined, options: ChatOptions): Ask {
  if (isFlow(model)) {
    if (tools === undefined && Object.keys(options).length === 0) return model;
    throw new RivuletError('INVALID_OPTION', 'modelNode was given a flow and what the model is asked with. Set it in the flow: chat(model, { tools: kit.definitions, … })');
  }
  const definitions = tools ? toToolkit(tools).definitions : [];
  if (definitions.length > 0 && model.capabilities.tools === false) throw new RivuletError('INVALID_OPTION', `model '${model.id}' can't call tools. Use one that can, or leave the tools out`);
  return chat(model, { ...options, ...(definitions.length > 0 && { tools: definitions }) });
}
