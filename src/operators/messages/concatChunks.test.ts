import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { concatChunks } from './concatChunks.js';
import type { MessageChunk, ToolCallDelta } from './Message.js';
import { messageChunk, messageFold } from './messageChunk.js';

const id = 'm1';
const chunks = (...fields: readonly Omit<MessageChunk, 'id'>[]): readonly MessageChunk[] => fields.map((field) => messageChunk({ id, ...field }));

/** Cuts a string into pieces, empty ones among them. */
const pieces = (text: string): fc.Arbitrary<readonly string[]> =>
  fc.array(fc.nat(text.length), { maxLength: 8 }).map((cuts) => {
    const at = [0, ...cuts.sort((a, b) => a - b), text.length];
    return at.slice(1).map((end, i) => text.slice(at[i], end));
  });

/** Any interleaving that keeps the order within each list. */
function interleaved<T>(lists: readonly (readonly T[])[], picks: readonly number[]): readonly T[] {
  const left = lists.map((list) => [...list]);
  const all: T[] = [];
  for (let i = 0; left.some((list) => list.length > 0); i++) {
    const open = left.filter((list) => list.length > 0);
    all.push(open[(picks[i % picks.length] ?? 0) % open.length]?.shift() as T);
  }
  return all;
}

describe('chunks make the message they were cut from', () => {
  const content = fc.record({ reasoning: fc.string({ unit: 'binary' }), text: fc.string({ unit: 'binary' }), args: fc.array(fc.json(), { maxLength: 3 }) });
  const cut = content.chain(({ reasoning, text, args }) =>
    fc.record({
      reasoning: fc.constant(reasoning),
      text: fc.constant(text),
      args: fc.constant(args),
      reasoningPieces: pieces(reasoning),
      textPieces: pieces(text),
      argPieces: fc.tuple(...args.map(pieces)),
      picks: fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }),
    }),
  );

  test('however it is cut and parallel calls are interleaved', () => {
    fc.assert(
      fc.property(cut, ({ reasoning, text, args, reasoningPieces, textPieces, argPieces, picks }) => {
        const whole = concatChunks(
          chunks({ reasoning }, { text }, { toolCalls: args.map((json, index): ToolCallDelta => ({ index, id: `c${index}`, name: `f${index}`, args: json })) }, { finishReason: 'stop' }),
        );
        const heads = args.map((_, index): Omit<MessageChunk, 'id'> => ({ toolCalls: [{ index, id: `c${index}`, name: `f${index}` }] }));
        const tails = argPieces.map((list, index) => list.map((piece): Omit<MessageChunk, 'id'> => ({ toolCalls: [{ index, args: piece }] })));
        const cutUp = concatChunks(
          chunks(...reasoningPieces.map((piece) => ({ reasoning: piece })), ...textPieces.map((piece) => ({ text: piece })), ...heads, ...interleaved(tails, picks), { finishReason: 'stop' }),
        );
        expect(cutUp).toEqual(whole);
        expect(cutUp.toolCalls.map((call) => call.args)).toEqual(args.map((json) => JSON.parse(json) as unknown));
      }),
    );
  });
});

test('blocks stand in the order in which they began', () => {
  const message = concatChunks(
    chunks({ reasoning: 'hm' }, { signature: 's' }, { text: 'a' }, { toolCalls: [{ index: 0, id: 'c', name: 'f', args: '{' }] }, { block: { type: 'citation', url: 'u' } }, { toolCalls: [{ index: 0, args: '}' }] }, { text: 'b' }),
  );
  expect(message.content).toEqual([
    { type: 'reasoning', text: 'hm', signature: 's' },
    { type: 'text', text: 'a' },
    { type: 'tool_call', id: 'c', name: 'f', args: {}, raw: '{}' },
    { type: 'citation', url: 'u' },
    { type: 'text', text: 'b' },
  ]);
  expect(message.toolCalls).toEqual([message.content[2]]);
});

test('each signature closes a thought of its own, also one that is not shown', () => {
  const { content } = concatChunks(chunks({ signature: 's1' }, { signature: 's2' }, { reasoning: 'more' }));
  expect(content).toEqual([
    { type: 'reasoning', text: '', signature: 's1' },
    { type: 'reasoning', text: '', signature: 's2' },
    { type: 'reasoning', text: 'more' },
  ]);
});

test('an empty delta begins nothing', () => {
  expect(concatChunks(chunks({ text: '' }, { reasoning: '' }, { text: 'a' }, { reasoning: '' }, { text: 'b' })).content).toEqual([{ type: 'text', text: 'ab' }]);
});

test('of no chunk there is no message', () => {
  expect(() => concatChunks([])).toThrow('EMPTY_RUN');
});

test('a chunk with another id starts over', () => {
  const stale = messageChunk({ id: 'm0', text: 'stale', usage: { inputTokens: 1, outputTokens: 1 }, metadata: { a: 1 }, toolCalls: [{ index: 0, id: 'c', name: 'f' }] });
  expect(concatChunks([stale, ...chunks({ text: 'new' })])).toEqual({ role: 'assistant', id, content: [{ type: 'text', text: 'new' }], toolCalls: [] });
});

test('the last usage and finish reason count, and metadata merges', () => {
  const message = concatChunks(
    chunks({ usage: { inputTokens: 1, outputTokens: 0 }, metadata: { a: 1, b: 1 } }, { usage: { inputTokens: 1, outputTokens: 5 }, finishReason: 'length', metadata: { b: 2 } }),
  );
  expect(message).toMatchObject({ usage: { inputTokens: 1, outputTokens: 5 }, finishReason: 'length', metadata: { a: 1, b: 2 } });
});

test('arguments that are not JSON stay as they were written, without a value', () => {
  const [call] = concatChunks(chunks({ toolCalls: [{ index: 0, id: 'c', name: 'f', args: '{"a":' }] })).toolCalls;
  expect(call).toEqual({ type: 'tool_call', id: 'c', name: 'f', args: undefined, raw: '{"a":' });
});

test('a __proto__ in arguments or metadata is a key like any other', () => {
  const metadata = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
  const message = concatChunks(chunks({ toolCalls: [{ index: 0, id: 'c', name: 'f', args: '{"__proto__":{"polluted":true}}' }], metadata }));
  expect(Object.keys(message.metadata ?? {})).toEqual(['__proto__']);
  expect((message.metadata as { readonly polluted?: unknown }).polluted).toBeUndefined();
  expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
});

test('the message is frozen, and JSON gives the same one back', () => {
  const message = concatChunks(chunks({ text: 'a' }, { block: { type: 'citation', url: 'u' } }, { toolCalls: [{ index: 0, id: 'c', name: 'f', args: '{"x":1}' }] }));
  expect([message, message.content, message.toolCalls, ...message.content].every(Object.isFrozen)).toBe(true);
  expect(JSON.parse(JSON.stringify(message))).toEqual(message);
});

test('a block that a provider made is not frozen in its hands', () => {
  const block = { type: 'citation', url: 'u' } as const;
  concatChunks(chunks({ block }));
  expect(Object.isFrozen(block)).toBe(false);
});

test('a chunk says itself how it folds, where neither JSON nor a spread sees it', () => {
  const [chunk] = chunks({ text: 'a' }) as [MessageChunk];
  expect(JSON.stringify(chunk)).toBe('{"id":"m1","text":"a"}');
  expect(Object.getOwnPropertySymbols({ ...chunk })).toEqual([]);
  expect(messageFold.kind).toBe('message');
});

test('time is linear in the chunks, with many parallel calls too', () => {
  const measure = (count: number): number => {
    const deltas = Array.from({ length: count }, (_, i) => messageChunk({ id, text: 'x', toolCalls: [{ index: i % (count / 2), args: ' ' }] }));
    const begun = performance.now();
    concatChunks(deltas);
    return performance.now() - begun;
  };
  measure(10_000);
  const few = Math.min(measure(10_000), measure(10_000), measure(10_000));
  expect(measure(80_000)).toBeLessThan(Math.max(few, 2) * 8 * 5);
});
