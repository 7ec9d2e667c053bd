import { describe, expect, test } from '@jest/globals';
import { count, defer, delay, EMPTY, filter, finalize, from, map, mergeMap, NEVER, of, range, Subject, tap, throwError, timer, type Observable } from 'rxjs';
import { isRivuletError } from '../../src/core/errors/RivuletError.js';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow, isFlow } from '../../src/core/flow/flow.js';
import { concatText, foldOf, list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { messageChunk, messageFold } from '../../src/operators/messages/messageChunk.js';
import type { AssistantMessage } from '../../src/operators/messages/Message.js';
import { marbles } from '../marbles.js';

const upper = flow('upper', map((text: string) => text.toUpperCase()), { fold: concatText });
const later = lambda((x: string) => timer(3).pipe(map(() => x)), 'later');

/** The values, and the error in their place at the end. */
function outcome<T>(source: Observable<T>): readonly unknown[] {
  const seen: unknown[] = [];
  source.subscribe({ next: (value) => seen.push(value), error: (error: unknown) => seen.push(isRivuletError(error) ? error.code : error), complete: () => seen.push('complete') });
  return seen;
}

describe('a flow is an operator', () => {
  test('whose source is one run: its chunks go through as they come', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c|');
    expectObservable(source.pipe(upper)).toBe('-A-B-C|');
    expectSubscriptions(source.subscriptions).toBe('^-----!');
  }));

  test('that passes an error of its source on', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-#');
    expectObservable(source.pipe(upper)).toBe('-A-#');
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('that raises an error of its callback and leaves its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c|');
    const fails = flow('fails', map((text: string) => (text === 'b' ? fail('boom') : text)));
    expectObservable(source.pipe(fails)).toBe('-a-#', undefined, new Error('boom'));
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('that leaves its source when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c|');
    expectObservable(source.pipe(upper), '---!').toBe('-A');
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('with a name and a fold, with which it tags what it returns', () => {
    expect(upper.name).toBe('upper');
    expect(isFlow(upper)).toBe(true);
    expect(isFlow(map((x) => x))).toBe(false);
    expect(foldOf(of('a').pipe(upper))).toBe(concatText);
    expect(foldOf(upper.run('a'))).toBe(concatText);
    expect(foldOf(of('a').pipe(upper, map((x) => x)))).toBeUndefined();
  });

  test('whose pipe makes a flow of the two', async () => {
    expect(await upper.pipe(lambda((text: string) => `${text}!`)).invoke('a')).toBe('A!');
    expect(await upper.pipe(map((text) => text.length)).invoke('abc')).toBe(3);
  });
});

describe('run', () => {
  test('is cold: a run for each subscriber', () => {
    let runs = 0;
    const counted$ = flow('counted', (source: Observable<string>) => defer(() => (runs++, source))).run('a');
    expect(runs).toBe(0);
    expect([...outcome(counted$), ...outcome(counted$)]).toEqual(['a', 'complete', 'a', 'complete']);
    expect(runs).toBe(2);
  });

  test('of synchronous steps is synchronous', () => {
    const steps = chain(lambda((n: number) => n + 1), map((n) => n * 2), lambda((n: number) => `${n}`));
    expect(outcome(steps.run(1))).toEqual(['4', 'complete']);
  });

  test('ends in the frame its last step does', marbles(({ expectObservable }) => {
    expectObservable(chain(later, upper, later).run('a')).toBe('------(A|)');
  }));

  test('stops what runs when it is unsubscribed, and nothing runs after', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const call = cold('---a|');
    let after = 0;
    const steps = chain(lambda((_: string) => call), lambda((x: string) => (after++, x)));
    expectObservable(steps.run('a'), '--!').toBe('---');
    expectSubscriptions(call.subscriptions).toBe('^-!');
    flush();
    expect(after).toBe(0);
  }));

  test('carries 100,000 synchronous chunks', () => {
    let chunks = 0;
    const steps = chain(lambda((n: number) => range(0, n)), map((n) => n + 1), flow('even', filter((n: number) => n % 2 === 0)), count());
    steps.run(100_000).subscribe((n) => (chunks = n));
    expect(chunks).toBe(50_000);
  });

  test('may start another run of itself while it emits', () => {
    const seen: number[] = [];
    const countdown = flow('countdown', map((n: number) => n));
    const again = (n: number): void => void countdown.run(n).subscribe((m) => (seen.push(m), m > 0 ? again(m - 1) : undefined));
    again(3);
    expect(seen).toEqual([3, 2, 1, 0]);
  });
});

describe('invoke', () => {
  test('folds the chunks of a run to its result', async () => {
    expect(await upper.invoke('abc')).toBe('ABC');
    expect(await flow('letters', mergeMap((text: string) => from([...text])), { fold: list<string>() }).invoke('abc')).toEqual(['a', 'b', 'c']);
  });

  test('after a plain operator takes the one chunk, and refuses a second', async () => {
    const letters = flow('letters', mergeMap((text: string) => from([...text])));
    expect(await letters.invoke('a')).toBe('a');
    await expect(letters.invoke('ab')).rejects.toMatchObject({ code: 'AMBIGUOUS_RESULT', message: expect.stringContaining('flow(name, operator, { fold })') });
  });

  test('ends a run at the chunk that makes it ambiguous', async () => {
    let left = 0;
    const endless = flow('endless', mergeMap((n: number) => range(n, Infinity).pipe(finalize(() => left++))));
    await expect(endless.invoke(0)).rejects.toMatchObject({ code: 'AMBIGUOUS_RESULT' });
    expect(left).toBe(1);
  });

  test('of a run without chunks is EMPTY_RUN, unless its fold may be empty', async () => {
    const nothing = () => mergeMap((_: string) => EMPTY as Observable<string>);
    await expect(flow('nothing', nothing()).invoke('a')).rejects.toMatchObject({ code: 'EMPTY_RUN' });
    await expect(lambda((_: string) => EMPTY).invoke('a')).rejects.toMatchObject({ code: 'EMPTY_RUN' });
    expect(await flow('nothing', nothing(), { fold: concatText }).invoke('a')).toBe('');
    expect(await flow('nothing', nothing(), { fold: list<string>() }).invoke('a')).toEqual([]);
  });

  test('rejects with the very error of the run', async () => {
    const boom = new Error('boom');
    await expect(lambda(() => throwError(() => boom)).invoke('a')).rejects.toBe(boom);
    await expect(lambda(() => fail('sync')).invoke('a')).rejects.toThrow('sync');
  });
});

describe('stream', () => {
  test('is read by for await, and lets a run be made only as far as it is read', async () => {
    let made = 0;
    const numbers = lambda((_: string) => pull(naturals(() => made++)));
    const seen: number[] = [];
    for await (const n of numbers.stream('', { capacity: 1 })) {
      seen.push(n);
      if (n === 2) break;
    }
    expect(seen).toEqual([0, 1, 2]);
    expect(made).toBe(3);
  });

  test('cancels its run when the loop is left', async () => {
    let left = 0;
    const numbers = lambda((_: string) => pull(naturals()).pipe(finalize(() => left++)));
    for await (const _ of numbers.stream('')) break;
    expect(left).toBe(1);
  });

  test('starts nothing before it is read', () => {
    let runs = 0;
    lambda((_: string) => runs++).stream('a');
    expect(runs).toBe(0);
  });

  test('is a ReadableStream, whose cancellation cancels the run', async () => {
    let left = 0;
    const numbers = lambda((_: string) => pull(naturals()).pipe(finalize(() => left++)));
    const reader = numbers.stream('').readable.getReader();
    expect(await reader.read()).toEqual({ done: false, value: 0 });
    await reader.cancel();
    expect(left).toBe(1);
  });

  test('throws the error of the run into the loop, after the chunks before it', async () => {
    const seen: number[] = [];
    const fails = lambda((_: string) => from([1, 2]).pipe(map((n) => (n === 2 ? fail('boom') : n))));
    const read = async (): Promise<void> => {
      for await (const n of fails.stream('')) seen.push(n);
    };
    await expect(read()).rejects.toThrow('boom');
    expect(seen).toEqual([1]);
  });
});

describe('batch', () => {
  test('gives results in the order of the inputs, whichever ends first', async () => {
    const order: number[] = [];
    const gates = [new Subject<string>(), new Subject<string>(), new Subject<string>()] as const;
    const results = lambda((index: number) => gates[index as 0].pipe(tap(() => order.push(index)))).batch([0, 1, 2]);
    for (const index of [2, 0, 1] as const) {
      gates[index].next(`r${index}`);
      gates[index].complete();
    }
    expect(await results).toEqual(['r0', 'r1', 'r2']);
    expect(order).toEqual([2, 0, 1]);
  });

  test('runs as many at a time as asked for', marbles(({ flush }, scheduler) => {
    const starts: number[] = [];
    const slow = lambda((_: number) => (starts.push(scheduler.now()), timer(2)));
    void slow.batch([1, 2, 3, 4, 5], { concurrency: 2 });
    flush();
    expect(starts).toEqual([0, 0, 2, 2, 4]);
  }));

  test('fails with the first error, and stops the other runs', async () => {
    let left = 0;
    const some = lambda((n: number) => (n === 2 ? throwError(() => new Error('boom')) : NEVER.pipe(finalize(() => left++))));
    await expect(some.batch([1, 2, 3])).rejects.toThrow('boom');
    expect(left).toBe(1); // the third was never begun
  });

  test('puts errors in the place of their results under returnErrors: a callback\'s, an empty run\'s, an ambiguous one\'s', async () => {
    const some = flow('some', mergeMap((n: number) => (n === 3 ? throwError(() => 'boom') : range(0, n))));
    const [none, one, two, thrown] = await some.batch([0, 1, 2, 3], { returnErrors: true });
    expect(none).toMatchObject({ code: 'EMPTY_RUN' });
    expect(one).toBe(0);
    expect(two).toMatchObject({ code: 'AMBIGUOUS_RESULT' });
    expect(thrown).toEqual(new Error('boom'));
  });

  test('takes a config for each input over the common one', async () => {
    const tags = lambda((_: string, run) => [...run.tags, run.thread]);
    const results = await tags.batch(['a', 'b'], { tags: ['all'], thread: 't', configs: [{ tags: ['one'] }, { thread: 'u' }] });
    expect(results).toEqual([['all', 'one', 't'], ['all', 'u']]);
  });

  test('takes inputs from any iterable only as fast as runs begin', async () => {
    let taken = 0;
    const gate = new Subject<number>();
    const results = lambda((n: number) => (n < 3 ? gate : n)).batch(take(naturals(() => taken++), 10), { concurrency: 3 });
    expect(taken).toBe(3);
    gate.next(1);
    gate.complete();
    expect(await results).toHaveLength(10);
  });

  test('goes through the flow\'s own batch, if it has one', async () => {
    const asked: (readonly number[])[] = [];
    const doubled = flow('doubled', map((n: number) => n * 2), {
      batch: (inputs) => (asked.push(inputs), of(inputs.map((n) => (n < 0 ? new Error('negative') : n * 2)))),
    });
    expect(await doubled.batch([1, 2])).toEqual([2, 4]);
    await expect(doubled.batch([1, -1])).rejects.toThrow('negative');
    expect(await doubled.batch([1, -1], { returnErrors: true })).toEqual([2, new Error('negative')]);
    expect(await doubled.batch([])).toEqual([]);
    expect(asked).toEqual([[1, 2], [1, -1], [1, -1]]);
  });
});

describe('a step that needs a whole value folds its source', () => {
  const chunks = [messageChunk({ id: '1', text: 'Hel' }), messageChunk({ id: '1', text: 'lo' })];
  const talk = flow('talk', mergeMap((_: string) => from(chunks)), { fold: messageFold });
  const words = (message: AssistantMessage): string => message.content.map((block) => (block.type === 'text' ? block.text : '')).join();

  test('first by the fold its source is tagged with', () => {
    expect(outcome(of('').pipe(talk, lambda(words)))).toEqual(['Hello', 'complete']);
    expect(outcome(of('a', 'b').pipe(upper, lambda((text: string) => `<${text}>`)))).toEqual(['<AB>', 'complete']);
  });

  test('the tag counts more than what the values say of themselves', () => {
    const listed = flow('listed', mergeMap((_: string) => from(chunks)), { fold: list<(typeof chunks)[0]>() });
    const counted = lambda((all: { readonly length?: number }) => all.length); // the types know of self-describing values only
    expect(outcome(of('').pipe(listed, counted as never))).toEqual([2, 'complete']);
  });

  test('then by values that describe themselves, also through plain operators', () => {
    expect(outcome(of('').pipe(talk, tap(() => undefined), filter(() => true), lambda(words)))).toEqual(['Hello', 'complete']);
  });

  test('else its source is one value: it starts on the first, before its source completes', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-a-----|').pipe(later)).toBe('----a--|');
    expectObservable(cold('-a|').pipe(later)).toBe('----(a|)');
  }));

  test('and a second is SECOND_INPUT, which names each and latest', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    let error: unknown;
    const source = cold('-a-b-c|');
    expectObservable(source.pipe(lambda((x: string) => x), tap({ error: (raised: unknown) => (error = raised) }), map((x) => x))).toBe('-a-#', undefined, expect.anything());
    expectSubscriptions(source.subscriptions).toBe('^--!');
    flush();
    expect(error).toMatchObject({ code: 'SECOND_INPUT', message: expect.stringMatching(/each\(flow\).*latest/) });
  }));

  test('a second input cancels the call that the first one began', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const call = cold('-----x|');
    expectObservable(cold('-a-b-c|').pipe(lambda((_: string) => call), map((x) => x))).toBe('---#', undefined, expect.objectContaining({ code: 'SECOND_INPUT' }));
    expectSubscriptions(call.subscriptions).toBe('-^-!');
  }));

  test('so of(1, 2).pipe(flow) fails loudly, and a stream without values is an empty run', () => {
    expect(outcome(of(1, 2).pipe(lambda((n: number) => n)))).toEqual([1, 'SECOND_INPUT']);
    expect(outcome(EMPTY.pipe(lambda((n: number) => n)))).toEqual(['complete']);
    expect(outcome(of('').pipe(flow('mute', mergeMap((_: string) => EMPTY), { fold: messageFold }), lambda((m: AssistantMessage) => m.id)))).toEqual(['EMPTY_RUN']);
  });

  test('a slow one of a running call waits for the call, not for its source', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('(a|)').pipe(lambda((x: string) => of(x).pipe(delay(4))))).toBe('----(a|)');
  }));
});

function fail(message: string): never {
  throw new Error(message);
}

function* naturals(made: () => void = () => undefined): Generator<number> {
  for (let n = 0; ; n++) {
    made();
    yield n;
  }
}

function* take<T>(items: Iterable<T>, many: number): Generator<T> {
  for (const item of items) {
    if (many-- === 0) return;
    yield item;
  }
}
