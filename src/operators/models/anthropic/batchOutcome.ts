import type { MessageBatchResult } from '@anthropic-ai/sdk/resources/messages';
import { CancelledError } from '../../../core/errors/CancelledError.js';
import type { AssistantMessage, MessageChunk } from '../../messages/Message.js';
import { messageFold } from '../../messages/messageChunk.js';
import { ModelError } from '../ModelError.js';
import { anthropicError, errorFromBody } from './anthropicError.js';
import { messageEvents } from './messageEvents.js';
import { MessageReading } from './MessageReading.js';

/** What became of one request of a batch: its message, or why there is none. */
export function batchOutcome(result: MessageBatchResult, newId: () => string): AssistantMessage | Error {
  switch (result.type) {
    case 'succeeded':
      return toMessage(result.message, newId);
    case 'errored':
      return errorFromBody(result.error);
    case 'canceled':
      return new CancelledError();
    case 'expired':
      return new ModelError('MODEL_OVERLOADED', "anthropic did not come to it within the batch's day. Send it again", { provider: 'anthropic' });
  }
}

function toMessage(body: unknown, newId: () => string): AssistantMessage | Error {
  try {
    const chunks: MessageChunk[] = [];
    const reading = new MessageReading(chunks, newId);
    for (const event of messageEvents(body)) reading.read(event);
    const folding = messageFold.start();
    for (const chunk of chunks) folding.add(chunk);
    return folding.result();
  } catch (error) {
    return anthropicError(error, 'answering', 0);
  }
}
