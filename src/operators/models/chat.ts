import { flow, type Flow } from '../../core/flow/flow.js';
import { whole, type WholeInput } from '../../core/flow/whole.js';
import type { AssistantMessage, MessageChunk } from '../messages/Message.js';
import { messageFold } from '../messages/messageChunk.js';
import { toMessages, type MessageInput } from '../messages/toMessages.js';
import type { ChatModel, ChatOptions, ChatRequest } from './ChatModel.js';
import { modelOf } from './modelOf.js';
import { tellingTokens } from './tellingTokens.js';

/**
 * Asks a model: takes a string, a message, messages or a prompt, emits chunks as they come, and folds to the message.
 *
 * ```text
 * -q----------|
 * chat(model)
 * --a-b-(c|)
 * ```
 *
 * Its span says by `metadata.chatOptions` what the model is asked with.
 *
 * *Demand*: transparent, to the model's socket. *Timing*: the model's. *Errors*: the model's, as `MODEL_*` codes.
 *
 * @example
 * ```ts
 * import { chain, chat, scripted, text } from 'rivulet';
 *
 * const ask = chain(chat(scripted([{ reply: 'Hello!' }])), text());
 * const answer = await ask.invoke('Hi'); // 'Hello!'
 * ```
 */
export function chat(model: ChatModel, options: ChatOptions = {}): Flow<WholeInput<MessageInput>, MessageChunk, AssistantMessage> {
  const toRequest = (input: MessageInput): ChatRequest => ({ ...options, messages: toMessages(input) });
  const ask = whole((input: MessageInput, run) => tellingTokens(model.stream(toRequest(input), run), run));
  const { batch } = model;
  const asksMore = Object.keys(options).length > 0;
  return flow(model.id, ask, {
    fold: messageFold,
    kind: 'llm',
    metadata: { ...modelOf(model.id), ...(asksMore && { chatOptions: options }) },
    ...(batch && { batch: (inputs, run) => batch.call(model, inputs.map((input) => toRequest(input as MessageInput)), run) }),
  });
}
