import { expect, test } from '@jest/globals';
import { concatChunks } from '../messages/concatChunks.js';
import { messageChunk } from '../messages/messageChunk.js';
import { chunksOfMessage } from './chunksOfMessage.js';

test('the chunks of a message make the same message again', () => {
  const message = concatChunks([
    messageChunk({ id: 'm', reasoning: 'Hm.', signature: 's' }),
    messageChunk({ id: 'm', block: { type: 'reasoning', text: '', redacted: 'xyz' } }),
    messageChunk({ id: 'm', text: 'Let me add.' }),
    messageChunk({ id: 'm', toolCalls: [{ index: 0, id: 'c1', name: 'add', args: '{"a":1}' }] }),
    messageChunk({ id: 'm', toolCalls: [{ index: 1, id: 'c2', name: 'add', args: '{"a":' }] }),
    messageChunk({ id: 'm', block: { type: 'image', source: { url: 'https://example.com/a.png' } } }),
    messageChunk({ id: 'm', finishReason: 'tool_calls', usage: { inputTokens: 1, outputTokens: 2 }, metadata: { a: 1 } }),
  ]);
  expect(concatChunks(chunksOfMessage(message))).toEqual(message);
});
