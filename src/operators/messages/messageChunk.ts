import { FOLD, type Fold } from '../../core/flow/fold.js';
import type { AssistantMessage, MessageChunk } from './Message.js';
import { MessageFolding } from './MessageFolding.js';

/** The chunks of an assistant message make that message. A chunk with another id starts over: the message before it was superseded. */
export const messageFold: Fold<MessageChunk, AssistantMessage> = { kind: 'message', start: () => new MessageFolding() };

const SELF_DESCRIBING = { [FOLD]: messageFold };

/** Makes a chunk that says itself how it folds, so that plain operators may stand between a model and who needs its message. */
export function messageChunk(fields: Omit<MessageChunk, typeof FOLD>): MessageChunk {
  return Object.assign(Object.create(SELF_DESCRIBING) as object, fields) as MessageChunk;
}
