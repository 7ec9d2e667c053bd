import { describe, expect, test } from '@jest/globals';
import { EMPTY, map, NEVER, of, throwError, type Observable } from 'rxjs';
import { pull } from '../../src/core/demand/pull.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText, last, list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { whole } from '../../src/core/flow/whole.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { marbles } from '../marbles.js';
import { startsOver } from './startsOver.js';
import { after, told } from './told.js';

describe('parallel', () => {
  const values = { a: { a: 'x' }, b: { a: 'y' }, c: { b: 1 } };

  test('emits the chunks of its branches as they come, by name', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-i----------|');
    const streamed = cold('--x-y|');
    const both = parallel({ a: told('a', streamed), b: after(6, 1) });
    expectObservable(source.pipe(both)).toBe('---a-b-c----|', values);
    expectSubscriptions(source.subscriptions).toBe('^-----------!');
    expectSubscriptions(streamed.subscriptions).toBe('-^----!');
  }));

  test('completes when all branches did, if the source did', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('(i|)').pipe(parallel({ a: told('a', cold('--x-y|')), b: after(6, 1) }))).toBe('--a-b-(c|)', values);
  }));

  test('begins no more than so many branches at once, and the next when one ends', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const [a, b, c] = [cold('--(x|)'), cold('---(x|)'), cold('--(x|)')];
    const flows = parallel([told('a', a), told('b', b), told('c', c)], { concurrency: 2 });
    expectObservable(flows.run('i')).toBe('--ab(c|)', { a: { 0: 'x' }, b: { 1: 'x' }, c: { 2: 'x' } });
    expectSubscriptions(a.subscriptions).toBe('^-!');
    expectSubscriptions(b.subscriptions).toBe('^--!');
    expectSubscriptions(c.subscriptions).toBe('--^-!');
  }));

  test("keeps to the run's maxConcurrency", marbles(({ cold, expectObservable }) => {
    const flows = parallel({ a: told('a', cold('--(x|)')), b: told('b', cold('--(x|)')) });
    expectObservable(flows.run('i', { maxConcurrency: 1 })).toBe('--a-(b|)', { a: { a: 'x' }, b: { b: 'x' } });
  }));

  test('ends with the first error, and the other branches with it', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const other = cold('-x-----|');
    expectObservable(parallel({ a: told('a', other), b: told('b', cold('---#')) }).run('i')).toBe('-a-#', { a: { a: 'x' } });
    expectSubscriptions(other.subscriptions).toBe('^--!');
  }));

  test('ends with the error of its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('--#');
    expectObservable(source.pipe(parallel({ a: after(1, 'x') }))).toBe('--#');
    expectSubscriptions(source.subscriptions).toBe('^-!');
  }));

  test('cancels its branches when it is unsubscribed, and begins no other', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const [a, b] = [cold('-x----|'), cold('-x----|')];
    expectObservable(parallel([told('a', a), told('b', b)], { concurrency: 1 }).run('i'), '---!').toBe('-a', { a: { 0: 'x' } });
    expectSubscriptions(a.subscriptions).toBe('^--!');
    expectSubscriptions(b.subscriptions).toBe([]);
  }));

  test('cancels the signal of a callback that did not complete', marbles(({ expectObservable, flush }) => {
    const aborted: boolean[] = [];
    const both = parallel({
      hangs: lambda((_: unknown, run) => {
        run.signal.addEventListener('abort', () => aborted.push(true));
        return NEVER as Observable<string>;
      }),
    });
    expectObservable(both.run('i'), '--!').toBe('---');
    flush();
    expect(aborted).toEqual([true]);
  }));

  test('makes each branch wait for a slow consumer, who gets all', marbles(({ cold, expectObservable, flush }) => {
    let gate: Gate | undefined;
    const slow = mapAsync((chunk: object) => cold('-(x|)').pipe(map(() => Object.keys(chunk)[0])), { probe: (probed) => (gate = probed) });
    const both = parallel({ a: flow<unknown, string>('a', whole(() => pull('12'))), b: flow<unknown, string>('b', whole(() => pull('12'))) });
    expectObservable(chain(both, slow).run('i')).toBe('-aab(b|)');
    flush();
    expect(gate?.peak).toBe(1);
  }));

  test('folds each branch as it folds', async () => {
    const all = parallel({
      text: told('text', of('He', 'llo')),
      items: flow<unknown, string, readonly string[]>('items', whole(() => of('a', 'b')), { fold: list() }),
      growing: flow<unknown, number>('growing', whole(() => of(1, 2)), { fold: last() }),
      fn: (input: string) => `${input}!`,
      silent: flow<unknown, string>('silent', whole(() => EMPTY), { fold: concatText }),
    });
    expect(await all.invoke('hi')).toEqual({ text: 'Hello', items: ['a', 'b'], growing: 2, fn: 'hi!', silent: '' });
    expect(await parallel([(n: number) => n + 1, (n: number) => n * 2]).invoke(4)).toEqual([5, 8]);
  });

  test('folds for the next step what plain operators let through', async () => {
    const both = parallel({ text: told('text', of('He', 'llo')), n: () => 1 });
    expect(await chain(both, map((chunk) => chunk), lambda((x) => x)).invoke('')).toEqual({ text: 'Hello', n: 1 });
  });

  test('stays synchronous over synchronous branches', () => {
    const seen: unknown[] = [];
    parallel({ a: (n: number) => n, b: (n: number) => n + 1 }).run(1).subscribe({ next: (chunk) => seen.push(chunk), complete: () => seen.push('complete') });
    expect(seen).toEqual([{ a: 1 }, { b: 2 }, 'complete']);
  });

  test('begins 20,000 branches that end at once, without a deep stack', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => (n: number) => n + i);
    const results = await parallel(many, { concurrency: 1 }).invoke(1);
    expect(results).toHaveLength(20_000);
    expect(results.at(-1)).toBe(20_000);
  });

  test('starts one branch over without the others', async () => {
    const both = parallel({ a: startsOver(['sta', 'le'], ['fre', 'sh']), b: told('b', of('kept')), c: startsOver(['stale'], []) });
    expect(await both.invoke('')).toEqual({ a: 'fresh', b: 'kept', c: '' });
    expect(await chain(both, lambda((x) => x.a)).invoke('')).toBe('fresh');
    expect(await parallel({ inner: both }).invoke('')).toEqual({ inner: { a: 'fresh', b: 'kept', c: '' } });
  });

  test('starts all over when what it got is superseded', async () => {
    const input = startsOver(['stale'], ['fresh']);
    expect(await chain(input, parallel({ a: (text: string) => `${text}!` })).invoke('')).toEqual({ a: 'fresh!' });
  });

  test('names branches in the tags of a watched run', () => {
    const tags: unknown[] = [];
    const branch = flow<unknown, string>('branch', whole(() => of('x')), { kind: 'tool' });
    parallel({ a: branch }).events('').subscribe((event) => {
      if (event.type === 'span_start') tags.push(event.tags);
    });
    expect(tags).toEqual([['map:key:a']]);
  });

  test('gives a __proto__ no power', async () => {
    const both = parallel({ ['__proto__']: () => ({ polluted: true }), a: () => 1 });
    const result = await both.invoke('');
    expect(Object.keys(result)).toEqual(['__proto__', 'a']);
    expect((result as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });

  test('is refused without branches, or with a concurrency that is no count', () => {
    expect(() => parallel({})).toThrow('INVALID_OPTION');
    expect(() => parallel([])).toThrow('INVALID_OPTION');
    expect(() => parallel({ a: () => 1 }, { concurrency: 0 })).toThrow('INVALID_OPTION');
    expect(() => parallel({ a: () => 1 }, { concurrency: NaN })).toThrow('INVALID_OPTION');
  });

  test('raises what a callback throws', async () => {
    await expect(parallel({ a: () => { throw new Error('boom'); }, b: () => 1 }).invoke('')).rejects.toThrow('boom');
    await expect(parallel({ a: told('a', throwError(() => new Error('boom'))) }).invoke('')).rejects.toThrow('boom');
  });
});
