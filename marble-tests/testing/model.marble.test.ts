import { describe, expect, test } from '@jest/globals';
import { map, timer } from 'rxjs';
import { virtualClock } from '../../src/testing/VirtualClock.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import type { MessageChunk } from '../../src/operators/messages/Message.js';
import { chat } from '../../src/operators/models/chat.js';
import { finish, reasoning, text, usage } from '../../src/testing/chunkValue.js';
import { marbles } from '../../src/testing/marbles.js';
import { model } from '../../src/testing/model.js';
import { failureOf } from './failureOf.js';

describe('model', () => {
  test('answers with its timeline, from the moment it is asked', marbles(({ cold, expectObservable, model: modelOf }) => {
    const asked = cold('--q|').pipe(chat(modelOf('-a-(bc|)', { a: reasoning('Hm'), b: text('Hi'), c: usage(3, 2, { reasoningTokens: 1 }) })));
    expectObservable(asked.pipe(map(({ id, ...chunk }) => chunk))).toBe('---a-(bc|)', { a: { reasoning: 'Hm' }, b: { text: 'Hi' }, c: { usage: { inputTokens: 3, outputTokens: 2, reasoningTokens: 1 } } });
  }));

  test('takes time as marbles write it', marbles(({ expectRun, model: modelOf }) => {
    const lengths = chat(modelOf('20ms a 979ms b 1m (c|)')).pipe(map((chunk) => chunk.text));
    expectRun(lengths, 'Hi').toBe('20ms a 979ms b 1m (c|)');
  }));

  test('answers in turn, over and over, and counts', marbles(({ expectRun, model: modelOf, flush }) => {
    const two = modelOf(['a|', '-b|']);
    const said = chat(two).pipe(map((chunk) => chunk.text));
    expectRun(said, '1').toBe('a|');
    expectRun(said, '2').toBe('-b|');
    expectRun(said, '3').toBe('a|');
    flush();
    expect(two.calls).toBe(3);
    expect(two.requests.map(({ messages }) => messages[0]?.content)).toEqual(['1', '2', '3'].map((digit) => [{ type: 'text', text: digit }]));
  }));

  test('gives the chunks of an answer one id, and each answer its own', marbles(({ expectRun, model: modelOf }) => {
    const ids = chat(modelOf('(ab|)')).pipe(map((chunk) => chunk.id));
    expectRun(ids, '').toBe('(xx|)', { x: 'id-1' });
    expectRun(ids, '').toBe('(yy|)', { y: 'id-2' });
  }));

  test('fails at #, with a model’s error or one’s own', marbles(({ expectRun, model: modelOf }) => {
    const own = new Error('own');
    expectRun(chat(modelOf('--#')), '').toBe('--#', {}, 'MODEL_OVERLOADED');
    expectRun(chat(modelOf('--#', {}, { error: own })), '').toBe('--#', {}, own);
  }));

  test('hangs without an end', marbles(({ expectRun, model: modelOf, expectCancelled, expectSubscriptions }) => {
    const hanging = modelOf('-a-');
    expectRun(chat(hanging).pipe(map((chunk) => chunk.text)), '').until('------!').toBe('-a----');
    expectCancelled(hanging).toBe('^-----!');
    expectSubscriptions(hanging.subscriptions).toBe('^-----!');
  }));

  test('says when its answers began and ended', marbles(({ expectRun, model: modelOf, expectSubscriptions, flush }) => {
    const asked = modelOf(['--|', '--#']);
    expectRun(chat(asked), '');
    expectRun(chat(asked), '').toBe('--#', {}, 'MODEL_OVERLOADED');
    flush();
    expectSubscriptions(asked.subscriptions).toBe(['^-!', '^-!']);
  }));

  test('waits while downstream is full', marbles(({ expectRun, model: modelOf, flush }) => {
    let gate: Gate | undefined;
    const slowly = mapAsync((chunk: MessageChunk) => timer(5).pipe(map(() => chunk.text)), { probe: (probed) => (gate = probed) });
    expectRun(chat(modelOf('abc|')).pipe(slowly), '').toBe('-----a----b----(c|)');
    flush();
    expect(gate?.peak).toBe(1);
  }));

  test('a letter without a value is the text itself; fields of chunks are taken as they are', marbles(({ expectRun, model: modelOf }) => {
    expectRun(chat(modelOf('(abc|)', { b: { text: 'B', metadata: { x: 1 } }, c: finish('length') })), '').toFoldTo({
      role: 'assistant', id: 'id-1', content: [{ type: 'text', text: 'aB' }], toolCalls: [], finishReason: 'length', metadata: { x: 1 },
    });
  }));

  test('works without marbles, on any scheduler', () => {
    const clock = virtualClock();
    const seen: unknown[] = [];
    chat(model('-a--(b|)', {}, { id: 'mine' })).run('Hi', { scheduler: clock }).subscribe((chunk) => seen.push([clock.now(), chunk.text]));
    clock.advance(1);
    expect(seen).toEqual([[1, 'a']]);
    clock.advance(10);
    expect(seen).toEqual([[1, 'a'], [4, 'b']]);
  });

  test('refuses what is no timeline', () => {
    expect(failureOf(() => model([]))).toContain('there is no timeline');
    expect(failureOf(() => model('--^a|'))).toContain("leave out the '^'");
    expect(failureOf(() => model('--a!'))).toContain("the marble diagram '--a!' can't be read");
  });
});
