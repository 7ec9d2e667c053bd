import { describe, expect, test } from '@jest/globals';
import { merge, take, tap } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { Gate } from '../../src/core/demand/Gate.js';
import { pull } from '../../src/core/demand/pull.js';
import { Link } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

/** Letters that say when they are let go of. */
function letters(log: string[]): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      try {
        yield* 'abcdef';
      } finally {
        log.push('released');
      }
    },
  };
}

describe('pull', () => {
  test('emits only while downstream is ready', marbles(({ expectObservable }) => {
    expectObservable(pull('abcde').pipe(mapAsync(slowly(10), { concurrency: 2 }))).toBe('10ms (ab) 6ms (cd) 6ms (e|)');
  }));

  test('emits all at once where nothing exerts pressure; an empty one completes', marbles(({ expectObservable }) => {
    expectObservable(pull('abc')).toBe('(abc|)');
    expectObservable(pull([])).toBe('|');
  }));

  test('iterates anew for each subscriber', marbles(({ expectObservable }) => {
    const letters$ = pull('ab');
    expectObservable(letters$).toBe('(ab|)');
    expectObservable(letters$).toBe('(ab|)');
  }));

  test('passes on what the iterator throws, at its start too', marbles(({ expectObservable }) => {
    const broken = {
      *[Symbol.iterator](): Generator<string> {
        yield 'a';
        throw 'no';
      },
    };
    expectObservable(pull(broken)).toBe('(a#)', undefined, 'no');
    expectObservable(pull({ [Symbol.iterator]: () => { throw 'never'; } })).toBe('#', undefined, 'never');
  }));

  test('releases its iterator in the frame in which it is unsubscribed, also while it waits', marbles(({ expectObservable }, scheduler) => {
    const log: string[] = [];
    expectObservable(pull(letters(log)).pipe(mapAsync(slowly(10))), '-----!').toBe('');
    scheduler.schedule(() => expect(log).toEqual([]), 4);
    scheduler.schedule(() => expect(log).toEqual(['released']), 5);
  }));

  test('releases its iterator when enough was taken, and once when it ends', () => {
    const log: string[] = [];
    pull(letters(log)).pipe(take(2)).subscribe();
    expect(log).toEqual(['released']);
    pull(letters(log)).subscribe();
    expect(log).toEqual(['released', 'released']);
  });

  test('takes nothing ahead: what it has not emitted it has not asked for', () => {
    const gate = new Gate(1);
    const log: number[] = [];
    const numbers = (function* () { for (let n = 1; ; n++) { log.push(n); yield n; } })();
    const link = new Link<number>(undefined, { next: () => gate.hold(), demand: gate });
    pull(numbers).subscribe(link);
    expect(log).toEqual([1]);
    gate.release();
    expect(log).toEqual([1, 2]);
    link.unsubscribe();
    gate.release();
    expect(log).toEqual([1, 2]);
  });

  test('takes turns with another that waits at the same boundary', marbles(({ expectObservable }) => {
    expectObservable(merge(pull('aaa'), pull('bbb')).pipe(mapAsync(slowly(1)))).toBe('-aabab(b|)');
  }));

  test('emits 1,000,000 values on a flat stack, to a consumer that takes each at once', () => {
    let count = 0;
    const numbers = { *[Symbol.iterator]() { for (let n = 0; n < 1_000_000; n++) yield n; } };
    pull(numbers).pipe(tap(() => count++)).subscribe();
    expect(count).toBe(1_000_000);
  });

  test('goes on in order when its consumer frees the place from within', () => {
    const gate = new Gate(1);
    const seen: number[] = [];
    const link = new Link<number>(undefined, {
      next: (n) => {
        gate.hold();
        seen.push(n);
        gate.release();
      },
      demand: gate,
    });
    pull([1, 2, 3]).subscribe(link);
    expect(seen).toEqual([1, 2, 3]);
  });
});
