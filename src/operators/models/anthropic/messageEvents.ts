import type { Message, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { ModelError } from '../ModelError.js';
import { failureIn } from './anthropicError.js';

/** The events of a message that came whole: each block begins with all of its content. */
export function* messageEvents(body: unknown): Generator<RawMessageStreamEvent> {
  const message = asMessage(body);
  yield { type: 'message_start', message };
  for (const [index, content_block] of message.content.entries()) {
    yield { type: 'content_block_start', index, content_block };
    yield { type: 'content_block_stop', index };
  }
  yield { type: 'message_delta', delta: message, usage: message.usage };
  yield { type: 'message_stop' };
}

function asMessage(body: unknown): Message {
  failureIn(body);
  if (typeof body === 'object' && body !== null && 'content' in body && Array.isArray(body.content)) return body as Message;
  throw new ModelError('MODEL_PROTOCOL', 'anthropic answered with what is no message. Check that baseURL leads to a server of its protocol', { provider: 'anthropic' });
}
