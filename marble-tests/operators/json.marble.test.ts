import { describe, expect, test } from '@jest/globals';
import { from, map, Subject, type Observable } from 'rxjs';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { isRivuletError } from '../../src/core/errors/RivuletError.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { Link, operate, restartOf } from '../../src/core/subscription.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { json } from '../../src/operators/parsers/json.js';
import { marbles } from '../marbles.js';

const delta = (text: string, id = 'm1') => messageChunk({ id, text });
const invalid = expect.objectContaining({ code: 'JSON_INVALID' });

describe('json', () => {
  const chunks = { a: delta('{"a":[1,'), b: delta('2],"b":"x'), c: delta('yz"}'), t: messageChunk({ id: 'm1', toolCalls: [{ index: 0, name: 'f' }] }), s: delta('  ') };
  const values = { p: { a: [1] }, q: { a: [1, 2], b: 'x' }, r: { a: [1, 2], b: 'xyz' } };

  test('grows with each chunk that changes it', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a--b---c|', chunks);
    expectObservable(source.pipe(json())).toBe('-p--q---r|', values);
    expectSubscriptions(source.subscriptions).toBe('^--------!');
  }));

  test('says nothing for a chunk that changes nothing', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('s-t-a-s-b-t-c-s-|', chunks).pipe(json())).toBe('----p---q---r---|', values);
  }));

  test('takes strings too, in one piece or unit by unit', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-w|', { w: '{"a":1}' }).pipe(json())).toBe('-v|', { v: { a: 1 } });
    expectObservable(from('[1,2]').pipe(json({ mode: 'live' }), map((value) => JSON.stringify(value)))).toBe('(abc|)', { a: '[]', b: '[1]', c: '[1,2]' });
  }));

  test('a number at the top is known at the end', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-a-b---|', { a: '1', b: '2' }).pipe(json())).toBe('-------(v|)', { v: 12 });
  }));

  test('fails where it stops to be JSON, and leaves its source there', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-a-|', { a: '{"a":', b: 'oops' });
    expectObservable(source.pipe(json())).toBe('-p-#', { p: {} }, invalid);
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('fails at the end of an answer that ends too early, unless it may be partial', marbles(({ cold, expectObservable }) => {
    const source = cold('-a-b-|', chunks);
    expectObservable(source.pipe(json())).toBe('-p-q-#', values, invalid);
    expectObservable(source.pipe(json({ partial: true }))).toBe('-p-q-|', values);
  }));

  test('fails for an answer of nothing', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('---|').pipe(json())).toBe('---#', {}, expect.objectContaining({ message: expect.stringContaining('the model answered nothing') }));
    expectObservable(cold('-t-|', chunks).pipe(json({ partial: true }))).toBe('---#', {}, invalid);
  }));

  test('ends with the error of its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-#', chunks);
    expectObservable(source.pipe(json())).toBe('-p-#', values);
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('leaves its source when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a--b---c|', chunks);
    expectObservable(source.pipe(json()), '-----!').toBe('-p--q-', values);
    expectSubscriptions(source.subscriptions).toBe('^----!');
  }));

  test('makes its source wait for a slow consumer', marbles(({ cold, expectObservable }) => {
    let gate: Gate | undefined;
    let produced = 0;
    const pieces = function* (): Generator<string> {
      for (const piece of ['[1,', '2,', '3,', '4 ', ']']) {
        produced++;
        yield piece;
      }
    };
    const slow = mapAsync((value: unknown) => cold('--(x|)').pipe(map(() => JSON.stringify(value))), { probe: (probed) => (gate = probed) });
    expectObservable(pull(pieces()).pipe(json(), slow)).toBe('--a-b-c-(d|)', { a: '[1]', b: '[1,2]', c: '[1,2,3]', d: '[1,2,3,4]' });
    expectObservable(cold('-(x|)').pipe(map(() => produced))).toBe('-(n|)', { n: 1 });
    expectObservable(cold('10ms (x|)').pipe(map(() => gate?.peak))).toBe('10ms (p|)', { p: 1 });
  }));

  test('starts over with another message', marbles(({ cold, expectObservable }) => {
    const source = cold('-a-b-c-d|', { a: delta('[1,'), b: delta('2', 'm1'), c: delta('{"b":', 'm2'), d: delta('3}', 'm2') });
    expectObservable(source.pipe(json())).toBe('-p---q-r|', { p: [1], q: {}, r: { b: 3 } });
    expectObservable(source.pipe(json({ mode: 'patch' }))).toBe('-p---q-r|', { p: [{ op: 'add', path: '', value: [1] }], q: [{ op: 'add', path: '', value: {} }], r: [{ op: 'add', path: '/b', value: 3 }] });
  }));

  test('as patches: each says how the value changed', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-a--b-t-c|', chunks).pipe(json({ mode: 'patch' }))).toBe('-p--q---r|', {
      p: [{ op: 'add', path: '', value: { a: [1] } }],
      q: [{ op: 'add', path: '/a/1', value: 2 }, { op: 'add', path: '/b', value: 'x' }],
      r: [{ op: 'replace', path: '/b', value: 'xyz' }],
    });
  }));

  test('live: it is the same value each time, and grows', marbles(({ cold, expectObservable }) => {
    const seen: unknown[] = [];
    const texts = cold('-a--b---c|', chunks).pipe(
      json({ mode: 'live' }),
      map((value) => {
        seen.push(value);
        return JSON.stringify(value);
      }),
    );
    expectObservable(texts).toBe('-p--q---r|', { p: '{"a":[1]}', q: '{"a":[1,2],"b":"x"}', r: '{"a":[1,2],"b":"xyz"}' });
    expectObservable(cold('20ms (x|)').pipe(map(() => new Set(seen).size))).toBe('20ms (n|)', { n: 1 });
  }));

  test('can be fed while it emits', marbles(({ expectObservable, cold }) => {
    const source = new Subject<string>();
    const seen: string[] = [];
    source.pipe(json()).subscribe((value) => {
      seen.push(JSON.stringify(value));
      if (seen.length === 1) source.next('2,');
    });
    source.next('[1,');
    source.next('3]');
    expectObservable(cold('(x|)').pipe(map(() => seen))).toBe('(s|)', { s: ['[1]', '[1,2]', '[1,2,3]'] });
  }));
});

/** Emits half an answer, starts over, and emits another. */
function startingOver(...answers: readonly (readonly string[])[]) {
  const operator = operate<string, string>((source: Observable<string>, subscriber) => {
    const restart = restartOf(subscriber);
    const link = new Link<string>(subscriber, {
      next: () =>
        answers.forEach((pieces, index) => {
          if (index > 0) restart();
          pieces.forEach((piece) => subscriber.next(piece));
        }),
    });
    source.subscribe(link);
  });
  return flow('startingOver', operator);
}

describe('json, when its source starts over', () => {
  const again = startingOver(['{"a":[1,2', ',3'], ['[4', ',5]']);

  test('forgets what it read', async () => {
    expect(await chain(again, json()).invoke('')).toEqual([4, 5]);
    expect(await chain(again, json({ mode: 'live' })).invoke('')).toEqual([4, 5]);
  });

  test('passes it on to what folds after it', async () => {
    expect(await chain(again, json({ mode: 'patch' })).invoke('')).toEqual([4, 5]);
    const sizes = chain(again, json(), flow('count', operate<unknown, number>((source, subscriber) => {
      let count = 0;
      source.subscribe(new Link<unknown>(subscriber, { next: () => count++, restart: () => (count = 0), complete: () => { subscriber.next(count); subscriber.complete(); } }));
    })));
    expect(await sizes.invoke('')).toBe(2); // [], [4, 5]
  });

  test('an answer that ended too early before it is no matter', async () => {
    await expect(chain(startingOver(['[1]'], ['[2']), json()).invoke('')).rejects.toMatchObject({ code: 'JSON_INVALID' });
    expect(await chain(startingOver(['nothing'], ['[2]']), json()).invoke('')).toEqual([2]);
  });
});

test('a message after tool calls is the one that counts', async () => {
  const turns = [delta('Let me look.', 'm1'), messageChunk({ id: 'm1', toolCalls: [{ index: 0, id: 'c', name: 'f', args: '{}' }] }), delta('{"a":1}', 'm2')];
  expect(await chain(flow('turns', operate<string, (typeof turns)[number]>((_source, subscriber) => from(turns).subscribe(subscriber))), json()).invoke('')).toEqual({ a: 1 });
  const early = await json().invoke('[1').catch((error: unknown) => error);
  expect(isRivuletError(early, 'JSON_INVALID')).toBe(true);
});
