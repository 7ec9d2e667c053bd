import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { ContentBlock, Message as WireMessage } from '@anthropic-ai/sdk/resources/messages';
import { array, assert, asyncProperty, boolean, constantFrom, dictionary, integer, jsonValue, oneof, option, record, string, tuple, type Arbitrary } from 'fast-check';
import type { AssistantMessage } from '../../src/operators/messages/Message.js';
import { anthropic } from '../../src/operators/models/anthropic/anthropic.js';
import { chat } from '../../src/operators/models/chat.js';
import { streamed, USAGE } from './anthropicEvents.js';
import { json, sse, WireServer } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

const words = string({ unit: 'grapheme', maxLength: 20 });
const input = dictionary(words, jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const citation = record({ type: constantFrom('web_search_result_location'), cited_text: words, url: words, title: option(words), encrypted_index: words });
const caller = constantFrom({ type: 'direct' as const });

const block = oneof(
  record({ type: constantFrom('text'), text: words, citations: option(array(citation, { maxLength: 2 })) }),
  record({ type: constantFrom('thinking'), thinking: words, signature: string({ minLength: 1 }) }),
  record({ type: constantFrom('redacted_thinking'), data: string({ minLength: 1 }) }),
  record({ type: constantFrom('tool_use'), id: string({ minLength: 1 }), name: string({ minLength: 1 }), input, caller }),
  record({ type: constantFrom('server_tool_use'), id: string({ minLength: 1 }), name: constantFrom('web_search'), input, caller }),
  record({ type: constantFrom('web_search_tool_result'), tool_use_id: string(), content: array(record({ type: constantFrom('web_search_result'), url: words })), caller }),
) as Arbitrary<ContentBlock>;

const message = record({
  id: string({ minLength: 1 }),
  type: constantFrom('message'),
  role: constantFrom('assistant'),
  model: constantFrom('claude-sonnet-5-5'),
  content: array(block, { maxLength: 6 }),
  stop_reason: constantFrom('end_turn', 'tool_use', 'max_tokens', 'refusal'),
  stop_sequence: option(string({ minLength: 1 })),
  stop_details: constantFrom(null),
  container: constantFrom(null),
  diagnostics: constantFrom(null),
  usage: record({ output_tokens: integer({ min: 0, max: 1000 }), cache_read_input_tokens: option(integer({ min: 0, max: 1000 })) }).map((counts) => ({ ...USAGE, ...counts })),
}) as unknown as Arbitrary<WireMessage>;

/** Cuts a text after every `step` UTF-16 units, but never inside a pair, as JSON can't carry half of one. */
const cutBy =
  (step: number) =>
  (text: string): readonly string[] => {
    const chars = [...text];
    return Array.from({ length: Math.ceil(chars.length / step) }, (_, index) => chars.slice(index * step, (index + 1) * step).join(''));
  };

const ask = () => chat(anthropic('claude-sonnet-5-5', { apiKey: 'key', baseURL: server.url }));
const plain = (answer: AssistantMessage): unknown => JSON.parse(JSON.stringify(answer));

test('the chunks of a message make the message that comes when it does not stream', async () => {
  await assert(
    asyncProperty(message, tuple(integer({ min: 1, max: 5 }), integer({ min: 1, max: 50 }), boolean()), async (wire, [step, pieceBytes, asked]) => {
      server.respond(json(wire), sse(streamed(wire, cutBy(step)), { pieceBytes: asked ? pieceBytes : 10_000 }));
      const whole = plain(await ask().invoke('Hi'));
      const folded = plain(await ask().invoke('Hi'));
      expect(folded).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});
