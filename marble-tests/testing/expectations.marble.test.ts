import { describe, expect, test } from '@jest/globals';
import { concatMap, delay, map, merge, of, share, shareReplay, Subject, switchMap, takeUntil, tap, timer, type Observable } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { flow } from '../../src/core/flow/flow.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { chat } from '../../src/operators/models/chat.js';
import { expectContext } from '../../src/testing/expectContext.js';
import { marbles } from '../../src/testing/marbles.js';
import { model } from '../../src/testing/model.js';
import { failureOf } from './failureOf.js';

describe('expectCancelled', () => {
  test('sees the calls that were left, to the frame, and no other', marbles(({ expectRun, expectCancelled, tool, model: modelOf }) => {
    const completes = tool('--|');
    const fails = modelOf('--#');
    const left = tool('--------|');
    expectRun(completes, {});
    expectRun(chat(fails), '');
    expectRun(left, {}).until('-----!');
    expectRun(left, {}).until('---!');
    expectCancelled(completes).toBe([]);
    expectCancelled(fails).toBe([]);
    expectCancelled(left).toBe(['^----!', '^--!']);
  }));

  test('fails when the frame is another, when it was not left, and when it was', () => {
    const leave = (until: string, expected: string | readonly string[]) => failureOf(marbles(({ expectRun, expectCancelled, tool }) => {
      const called = tool('----|');
      expectRun(called, {}).until(until);
      expectCancelled(called).toBe(expected);
    }));
    expect(leave('--!', '^--!')).toContain('- subscribed at 0 ms, left at 3 ms\n+ subscribed at 0 ms, left at 2 ms');
    expect(leave('-------!', '^--!')).toContain('- subscribed at 0 ms, left at 3 ms');
    expect(leave('--!', [])).toContain('+ subscribed at 0 ms, left at 2 ms');
  });
});

describe('expectDemand', () => {
  const slowly = mapAsync((n: number) => timer(5).pipe(map(() => n)), { concurrency: 3 });

  test('measures the most values in flight', marbles(({ expectDemand, expectObservable, flush }) => {
    const demand = expectDemand(3);
    expectObservable(pull([1, 2, 3, 4, 5]).pipe(demand.enter, slowly, demand.leave)).toBe('5ms (abc) (de|)', { a: 1, b: 2, c: 3, d: 4, e: 5 });
    flush();
    expect([demand.peak, demand.held]).toEqual([3, 0]);
  }));

  test('stands anywhere in a chain', marbles(({ expectDemand, expectRun }) => {
    const demand = expectDemand(1);
    const numbers = flow('numbers', (source: Observable<number>) => source.pipe(switchMap((n) => pull(Array(n).keys()))));
    expectRun(chain(numbers, demand.enter, each(lambda((n: number) => timer(1).pipe(map(() => n)))), demand.leave, map(String)), 3).toBe('-01(2|)');
  }));

  test('fails when more were in flight', () => {
    expect(failureOf(marbles(({ expectDemand, expectObservable }) => {
      const demand = expectDemand(2);
      expectObservable(pull([1, 2, 3, 4, 5]).pipe(demand.enter, slowly, demand.leave));
    }))).toContain('3 values were in flight at once, expected at most 2');
    expect(failureOf(marbles(({ expectDemand, expectObservable }) => {
      const demand = expectDemand(4);
      expectObservable(pull([1, 2, 3, 4, 5]).pipe(demand.enter, concatMap((n) => timer(5).pipe(map(() => n))), demand.leave));
    }))).toContain('5 values were in flight at once, expected at most 4. Something between enter and leave parks values');
  });

  test('fails when nothing came by', () => {
    expect(failureOf(marbles(({ expectDemand }) => void expectDemand(2)))).toContain('no value came by');
    expect(failureOf(marbles(({ expectDemand }) => void expectDemand(0)))).toContain('INVALID_OPTION: peak is 0');
  });
});

describe('expectNothingLeft', () => {
  test('is content when the last run has ended and all is gone', marbles(({ expectRun, expectNothingLeft, expectObservable, tool, model: modelOf, hot, cold, config }) => {
    expectRun(chat(modelOf('--a|')), '');
    expectRun(tool('----|'), {}).until('--!');
    expectObservable(hot('-a-b-c-d-e|'), '^--!');
    expectObservable(cold('-a-b-c-d-e|').pipe(takeUntil(timer(3, config.scheduler))));
    expectNothingLeft();
  }));

  test('is content when there was no run', marbles(({ expectNothingLeft, tool }) => {
    tool('--|');
    expectNothingLeft();
  }));

  const left = (set: Parameters<typeof marbles>[0]) => failureOf(marbles((kit) => {
    set(kit);
    kit.expectNothingLeft();
  }));

  test('fails when a timer goes on', () => {
    const forgets = lambda((n: number) => {
      timer(50).subscribe();
      return n;
    });
    expect(left(({ expectRun }) => void expectRun(forgets, 1))).toContain('after the last run had ended there still was: a timer due at 50 ms. Tear it down');
    expect(left(({ expectRun, config }) => void expectRun(lambda((n: number) => (config.scheduler.schedule(() => undefined, 7), n)), 1))).toContain('a timer due at 7 ms');
    expect(left(({ expectObservable }) => expectObservable(forgets.run(1)).toBe('(a|)', { a: 1 }))).toContain('a timer due at 50 ms');
  });

  test('fails when a call of a model or tool goes on', () => {
    expect(left(({ expectRun, tool }) => {
      const slow = tool('---------|', {}, { name: 'slow' });
      expectRun(lambda((n: number, run) => (slow.run({}, run).subscribe(), slow.run({}, run).subscribe(), n)), 1);
    })).toContain("2 calls of tool 'slow', a timer due at 9 ms");
    expect(left(({ expectRun, model: modelOf }) => {
      const hanging = modelOf('-');
      expectRun(lambda((n: number, run) => (chat(hanging).run('', run).subscribe(), n)), 1);
    })).toContain("1 call of model 'test'");
    expect(failureOf(marbles(({ expectRun, expectNothingLeft }) => {
      const own = model('-', {}, { id: 'own' });
      expectRun(lambda((n: number, run) => (chat(own).run('', run).subscribe(), n)), 1);
      expectNothingLeft(own);
    }))).toContain("1 call of model 'own'");
  });

  test('fails when a subscription of an Observable goes on', () => {
    expect(left(({ expectRun, hot }) => {
      const source = hot('a-b-c');
      expectRun(lambda((n: number) => (source.subscribe(), n)), 1);
    })).toContain('a subscription of an Observable since 0 ms');
    expect(left(({ hot }) => void hot('-').subscribe())).toContain('a subscription of an Observable since 0 ms');
  });

  test('fails when a run never ends', () => {
    expect(left(({ expectRun, tool }) => void expectRun(tool('-'), {}))).toContain("1 of the test's runs never ended");
    expect(left(({ expectObservable, cold }) => void expectObservable(cold('-')))).toContain("1 of the test's runs never ended");
  });

  test('looks when the last of several has ended', marbles(({ expectRun, expectNothingLeft, tool }) => {
    expectRun(tool('-|'), {});
    expectRun(tool('----------|'), {});
    expectNothingLeft();
  }));
});

describe('expectContext', () => {
  test('is content with operators that pass the subscriber through', () => {
    for (const operator of [map(String), switchMap(() => of(1)), tap(), delay(3), mapAsync((x) => x), each(lambda((x) => x)), chain(lambda((x) => x), map(String))]) {
      expectContext(operator as ReturnType<typeof map<never, unknown>>);
    }
  });

  test('fails with one that breaks the walk', () => {
    for (const operator of [share<never>(), shareReplay<never>(1), (source: Observable<never>) => merge(source).pipe(share())]) {
      expect(failureOf(() => expectContext(operator))).toContain("the operator's source doesn't see the context set downstream");
    }
  });

  const later = (source: Observable<never>): Observable<never> => timer(5).pipe(switchMap(() => source));

  test('of marbles waits for an operator that subscribes later', marbles(({ expectContext: expectLater }) => expectLater(later)));

  test('fails with one that never subscribes', () => {
    expect(failureOf(() => expectContext(() => of(1)))).toContain('never subscribed to its source');
    expect(failureOf(() => expectContext(() => new Subject()))).toContain('never subscribed to its source');
  });

  test('of marbles fails too', () => {
    expect(failureOf(marbles(({ expectContext: expectLater }) => expectLater(share())))).toContain("doesn't see the context");
  });
});
