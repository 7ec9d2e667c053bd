import { describe, expect, test } from '@jest/globals';
import { map, take, timer } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { timeline, type TimelineStep } from '../../src/operators/models/scripted/timeline.js';
import { marbles } from '../../src/testing/marbles.js';
import { virtualClock } from '../../src/testing/VirtualClock.js';

const value = (afterMs: number, letter: string): TimelineStep<string> => ({ afterMs, notification: { kind: 'N', value: letter } });
const end = (afterMs: number): TimelineStep<string> => ({ afterMs, notification: { kind: 'C' } });
const failure = (afterMs: number): TimelineStep<string> => ({ afterMs, notification: { kind: 'E', error: 'oops' } });

describe('timeline', () => {
  test('plays its steps', marbles(({ expectObservable, config: { scheduler } }) => {
    expectObservable(timeline([value(2, 'a'), value(3, 'b'), end(0)], scheduler)).toBe('--a--(b|)');
    expectObservable(timeline([value(0, 'a'), failure(2)], scheduler)).toBe('a-#', undefined, 'oops');
    expectObservable(timeline([value(1, 'a')], scheduler)).toBe('-a---');
  }));

  test('is synchronous as far as nothing takes time', () => {
    const seen: string[] = [];
    timeline([value(0, 'a'), value(0, 'b'), value(1, 'c')], virtualClock()).subscribe((letter) => seen.push(letter));
    expect(seen).toEqual(['a', 'b']);
  });

  test('starts anew for each subscriber', marbles(({ expectObservable, config: { scheduler } }) => {
    const source = timeline([value(2, 'a'), end(1)], scheduler);
    expectObservable(source).toBe('--a|');
    expectObservable(source, '---^').toBe('-----a|');
  }));

  test('waits while downstream is full; what was waited is not made up for', marbles(({ expectObservable, config: { scheduler } }) => {
    const slowly = mapAsync((letter: string) => timer(5).pipe(map(() => letter)));
    //  a at 1, through at 6; b, due at 2, comes then and is through at 11; c follows at 11 + 4 and is through at 20
    expectObservable(timeline([value(1, 'a'), value(1, 'b'), value(9, 'c'), end(0)], scheduler).pipe(slowly)).toBe('------a----b--------(c|)');
  }));

  test('makes up for a timer that came late', () => {
    const clock = virtualClock();
    const seen: unknown[] = [];
    const late = { now: () => clock.now(), schedule: (work: never, delayMs: number) => clock.schedule(work, delayMs === 10 ? 13 : delayMs) };
    timeline([value(10, 'a'), value(9, 'b')], late as never).subscribe((letter) => seen.push([letter, clock.now()]));
    clock.advance(100);
    expect(seen).toEqual([['a', 13], ['b', 19]]);
  });

  test('ends without waiting for demand', marbles(({ expectObservable, config: { scheduler } }) => {
    const stuck = mapAsync((letter: string) => timer(50).pipe(map(() => letter)));
    expectObservable(timeline([value(1, 'a'), failure(1)], scheduler).pipe(stuck)).toBe('--#', undefined, 'oops');
  }));

  test('stops at once when it is left, and closes its iterator', marbles(({ expectObservable, expectNothingLeft, config: { scheduler }, flush }) => {
    let closed = 0;
    function* forever(afterMs: number): Generator<TimelineStep<string>> {
      try {
        for (;;) yield value(afterMs, 'a');
      } finally {
        closed++;
      }
    }
    expectObservable(timeline(forever(2), scheduler), '^-----!').toBe('--a-a-');
    expectObservable(timeline(forever(0), scheduler).pipe(take(3))).toBe('(aaa|)');
    expectNothingLeft();
    flush();
    expect(closed).toBe(2);
  }));

  test('an iterator that throws is an error of the stream', marbles(({ expectObservable, config: { scheduler } }) => {
    function* broken(): Generator<TimelineStep<string>> {
      yield value(1, 'a');
      throw 'oops';
    }
    expectObservable(timeline(broken(), scheduler)).toBe('-(a#)', undefined, 'oops');
  }));

  test('a hundred thousand steps at once', () => {
    let count = 0;
    function* many(): Generator<TimelineStep<string>> {
      for (let i = 0; i < 100_000; i++) yield value(0, 'a');
    }
    timeline(many(), virtualClock()).subscribe(() => count++);
    expect(count).toBe(100_000);
  });
});
