import { describe, expect, test } from '@jest/globals';
import { map } from 'rxjs';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { chain } from '../../src/core/flow/chain.js';
import { pull } from '../../src/core/demand/pull.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { list } from '../../src/operators/parsers/list.js';
import { text } from '../../src/operators/parsers/text.js';
import { marbles } from '../marbles.js';
import { startsOver } from './startsOver.js';

const delta = (piece: string) => messageChunk({ id: 'm1', text: piece });

describe('text', () => {
  const chunks = { a: delta('Hel'), b: messageChunk({ id: 'm1', toolCalls: [{ index: 0, id: 'c', name: 'f' }] }), c: delta('lo') };
  const deltas = { x: 'Hel', y: 'lo' };

  test('comes as the chunks come', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c-|', chunks);
    expectObservable(source.pipe(text())).toBe('-x---y-|', deltas);
    expectSubscriptions(source.subscriptions).toBe('^------!');
  }));

  test('ends with the error of its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-#', chunks);
    expectObservable(source.pipe(text())).toBe('-x-#', deltas);
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('leaves its source when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c-|', chunks);
    expectObservable(source.pipe(text()), '---!').toBe('-x--', deltas);
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));
});

describe('list', () => {
  const chunks = { a: delta('1. re'), b: delta('d\n2. gr'), c: delta('een') };
  const items = { x: 'red', y: 'green' };

  test('tells an item when it is complete', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c-|', chunks);
    expectObservable(source.pipe(list())).toBe('---x---(y|)', items);
    expectSubscriptions(source.subscriptions).toBe('^------!');
  }));

  test('ends with the error of its source, without the item that was not complete', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-#', chunks);
    expectObservable(source.pipe(list())).toBe('---x-#', items);
    expectSubscriptions(source.subscriptions).toBe('^----!');
  }));

  test('leaves its source when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c-|', chunks);
    expectObservable(source.pipe(list()), '----!').toBe('---x-', items);
    expectSubscriptions(source.subscriptions).toBe('^---!');
  }));

  test('makes its source wait for a slow consumer', marbles(({ cold, expectObservable }) => {
    let gate: Gate | undefined;
    const slow = mapAsync((item: string) => cold('--(x|)').pipe(map(() => item)), { probe: (probed) => (gate = probed) });
    expectObservable(pull(['a\n', 'b\n', 'c\n']).pipe(list(), slow)).toBe('--a-b-(c|)');
    expectObservable(cold('10ms (x|)').pipe(map(() => gate?.peak))).toBe('10ms (p|)', { p: 1 });
  }));

  test('forgets an item that was begun when its source starts over', async () => {
    const source = startsOver(['stale\nhalf an it'], ['red\n', 'green']);
    expect(await chain(source, list()).invoke('')).toEqual(['red', 'green']);
  });
});
