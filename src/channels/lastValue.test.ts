import { describe, expect, test } from '@jest/globals';
import { isRivuletError } from '../core/errors/RivuletError.js';
import { InvalidUpdateError } from './InvalidUpdateError.js';
import { lastValue } from './lastValue.js';

const failure = (run: () => unknown): InvalidUpdateError => {
  try {
    run();
  } catch (error) {
    return error as InvalidUpdateError;
  }
  throw new Error('nothing was thrown');
};

describe('C2: lastValue', () => {
  const score = lastValue<unknown>(1);

  test('holds its initial value, then the last write', () => {
    expect(score.initial()).toBe(1);
    expect(lastValue().initial()).toBeUndefined();
    expect(score.update(1, [7], 'score')).toBe(7);
  });

  test.each([0, '', false, null, Number.NaN, []])('takes %p for a value', (value) => {
    expect(score.update(1, [value], 'score')).toBe(value);
    expect(lastValue<unknown>(value).initial()).toBe(value);
  });

  test('refuses two writes in one superstep, and names the channel and the values', () => {
    const error = failure(() => score.update(1, ['a', { b: 0 }], 'score'));
    expect(error).toBeInstanceOf(InvalidUpdateError);
    expect(isRivuletError(error, 'INVALID_CONCURRENT_GRAPH_UPDATE')).toBe(true);
    expect(error.message).toContain(`channel 'score' got 2 writes in one superstep: "a", {"b":0}.`);
  });

  test('refuses two equal writes too', () => {
    expect(failure(() => score.update(1, [2, 2], 'score')).code).toBe('INVALID_CONCURRENT_GRAPH_UPDATE');
  });

  test('names values that have no JSON, and few of many long ones', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(failure(() => score.update(1, [10n, cycle], 'score')).message).toContain('10, an object that is not JSON.');
    const many = failure(() => score.update(1, Array.from({ length: 1000 }, () => 'x'.repeat(1000)), 'score')).message;
    expect(many).toContain('got 1000 writes');
    expect(many.length).toBeLessThan(1000);
  });

  test('of several writes by one task the last counts: it says so to the engine', () => expect(score.single).toBe(true));
});
