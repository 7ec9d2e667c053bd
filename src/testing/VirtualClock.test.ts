import { describe, expect, test } from '@jest/globals';
import { interval, map, take, timer } from 'rxjs';
import { lambda } from '../core/flow/lambda.js';
import { virtualClock } from './VirtualClock.js';

describe('virtualClock', () => {
  test('stands still until it is told to go on', () => {
    const clock = virtualClock(1000);
    const seen: number[] = [];
    interval(10, clock).pipe(take(5), map(() => clock.now())).subscribe((at) => seen.push(at));
    expect([clock.now(), clock.pending]).toEqual([1000, 1]);
    clock.advance(25);
    expect([seen, clock.now()]).toEqual([[1010, 1020], 1025]);
    clock.advance(5);
    expect(seen).toEqual([1010, 1020, 1030]);
    clock.advance(1000);
    expect([seen.length, clock.pending, clock.now()]).toEqual([5, 0, 2030]);
  });

  test('runs what becomes due while time passes, at its time', () => {
    const clock = virtualClock();
    const seen: number[] = [];
    timer(5, clock).subscribe(() => timer(5, clock).subscribe(() => seen.push(clock.now())));
    clock.advance(20);
    expect(seen).toEqual([10]);
  });

  test('is the time of a run, also of one that is awaited', async () => {
    const clock = virtualClock();
    const slow = lambda((text: string, run) => timer(60_000, run.scheduler).pipe(map(() => `${text} at ${run.scheduler.now()}`)));
    const result = slow.invoke('done', { scheduler: clock });
    clock.advance(60_000);
    expect(await result).toBe('done at 60000');
  });

  test('throws what a timer throws, and goes on', () => {
    const clock = virtualClock();
    clock.schedule(() => { throw new Error('oops'); }, 5);
    expect(() => clock.advance(10)).toThrow('oops');
    expect(clock.now()).toBe(5);
  });

  test.each([-1, NaN, Infinity])('refuses to advance by %d', (ms) => {
    expect(() => virtualClock().advance(ms)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => virtualClock(ms)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
