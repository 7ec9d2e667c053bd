import { describe, expect, test } from '@jest/globals';
import { map, NEVER, of, range, Subject, timer } from 'rxjs';
import { VirtualTimeScheduler } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withConfig, type BoundConfig } from '../../src/core/flow/withConfig.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';

describe('withConfig', () => {
  test('gives every run of a flow its settings, over those inherited; its neighbours don’t see them', async () => {
    const seen: Record<string, unknown> = {};
    const look = (name: string) =>
      lambda((x: string, run) => {
        seen[name] = [run.tags, run.metadata, run.configurable, run.thread, run.maxConcurrency];
        return x;
      });
    const bound = withConfig(look('bound'), { tags: ['b'], metadata: { k: 2 }, configurable: { c: 1 }, thread: 't', maxConcurrency: 3 });
    await chain(look('before'), bound, look('after')).invoke('x', { tags: ['a'], metadata: { k: 1, j: 1 } });
    const outer = [['a'], { k: 1, j: 1 }, {}, undefined, Infinity];
    expect(seen).toEqual({ before: outer, bound: [['a', 'b'], { k: 2, j: 1 }, { c: 1 }, 't', 3], after: outer });
  });

  test('names the span of the flow', async () => {
    const sink = recorder();
    const spanned = flow('inner', map((x: string) => x), { kind: 'tool' });
    await chain(withConfig(spanned, { runName: 'renamed' })).invoke('x', { events: sink });
    expect(sink.events.filter(({ type }) => type === 'span_start')).toMatchObject([{ name: 'renamed' }]);
  });

  test('ends a run after timeoutMs, and with its signal', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a------|');
    expectObservable(source$.pipe(withConfig(lambda(() => NEVER), { timeoutMs: 4 }))).toBe('----#', undefined, expect.objectContaining({ code: 'TIMEOUT' }));
    expectSubscriptions(source$.subscriptions).toBe('^---!');
    const controller = new AbortController();
    expectObservable(withConfig(lambda(() => NEVER), { signal: controller.signal }).run('x')).toBe('---#', undefined, expect.objectContaining({ code: 'CANCELLED' }));
    expectObservable(timer(3).pipe(map(() => controller.abort()))).toBe('---(u|)', { u: undefined });
  }));

  test('times by the scheduler that it binds', () => {
    const scheduler = new VirtualTimeScheduler();
    const errors: unknown[] = [];
    withConfig(lambda(() => NEVER), { timeoutMs: 4, scheduler }).run('x').subscribe({ error: (e) => errors.push(e) });
    scheduler.flush();
    expect(errors).toMatchObject([{ code: 'TIMEOUT' }]);
    expect(scheduler.now()).toBe(4);
  });

  test('passes values, completion and errors on, and is unsubscribed with its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const same = withConfig(flow('same', map((x: string) => x)), { tags: ['t'] });
    expectObservable(cold('a-b|').pipe(same)).toBe('a-b|');
    expectObservable(cold('a-#').pipe(same)).toBe('a-#');
    const source$ = cold('a----|');
    expectObservable(source$.pipe(same), '^-!').toBe('a-');
    expectSubscriptions(source$.subscriptions).toBe('^-!');
  }));

  test('keeps name and fold, and folds its input', async () => {
    const words = flow('words', () => of('a', 'b'), { fold: concatText });
    const bound = withConfig(words, { tags: ['t'] });
    expect([bound.name, bound.fold]).toEqual(['words', concatText]);
    expect(await chain(bound, withConfig(lambda((text: string) => text.length), { tags: ['u'] })).invoke('x')).toBe(2);
  });

  test('lets 100,000 synchronous values through, in order also when a consumer makes the source emit', () => {
    const same = withConfig(flow('same', map((n: number) => n)), { tags: ['t'] });
    let count = 0;
    range(0, 100_000).pipe(same).subscribe(() => count++);
    expect(count).toBe(100_000);
    const source$ = new Subject<number>();
    const seen: number[] = [];
    source$.pipe(same).subscribe((n) => {
      seen.push(n);
      if (n < 3) source$.next(n + 1);
    });
    source$.next(1);
    expect(seen).toEqual([1, 2, 3]);
  });

  test.each([
    [{ tag: ['x'] }, 'INVALID_CONFIG'],
    [{ runId: '1' }, 'INVALID_CONFIG'],
    [{ timeoutMs: -1 }, 'INVALID_OPTION'],
    [{ maxConcurrency: 0 }, 'INVALID_OPTION'],
    [{ recursionLimit: NaN }, 'INVALID_OPTION'],
  ])('refuses %p', (config, code) => {
    expect(() => withConfig(lambda((x: string) => x), config as BoundConfig)).toThrow(expect.objectContaining({ code }));
  });
});
