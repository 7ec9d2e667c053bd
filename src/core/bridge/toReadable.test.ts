import { describe, expect, test } from '@jest/globals';
import { concat, of, Subject, throwError } from 'rxjs';
import { pull } from '../demand/pull.js';
import { toAsyncIterable } from './toAsyncIterable.js';
import { toReadable } from './toReadable.js';

describe('toReadable', () => {
  test('streams to its end', async () => {
    expect(await new Response(toReadable(pull(['a', 'b'])).pipeThrough(new TextEncoderStream())).text()).toBe('ab');
  });

  test('reads one value for each that is read, with capacity 1', async () => {
    let taken = 0;
    const source = { *[Symbol.iterator]() { for (;;) yield ++taken; } };
    const reader = toReadable(pull(source), { capacity: 1 }).getReader();
    expect(taken).toBe(0);
    for (let n = 1; n <= 3; n++) {
      expect(await reader.read()).toEqual({ done: false, value: n });
      expect(taken).toBe(n);
    }
    await reader.cancel();
  });

  test('cancelling it unsubscribes', async () => {
    const source$ = new Subject<number>();
    const reader = toReadable(source$).getReader();
    const waiting = reader.read();
    await Promise.resolve(); // a stream begins a moment after it is made
    expect(source$.observed).toBe(true);
    await reader.cancel();
    expect(source$.observed).toBe(false);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('fails with its source, after the values before', async () => {
    const reader = toReadable(concat(of(1), throwError(() => 'no'))).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    await expect(reader.read()).rejects.toBe('no');
  });

  test('takes an iterator too', async () => {
    const reader = toReadable(toAsyncIterable(pull([1]))).getReader();
    expect([await reader.read(), await reader.read()]).toEqual([{ done: false, value: 1 }, { done: true, value: undefined }]);
  });
});
