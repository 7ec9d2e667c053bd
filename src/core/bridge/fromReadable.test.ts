import { describe, expect, test } from '@jest/globals';
import { take } from 'rxjs';
import { mapAsync } from '../demand/mapAsync.js';
import { fromReadable } from './fromReadable.js';

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Counts up as it is pulled, and logs that and its cancellation. */
function counting(log: string[], count = Infinity): ReadableStream<number> {
  let n = 0;
  return new ReadableStream<number>(
    {
      pull: (controller) => {
        log.push(`pull ${++n}`);
        if (n > count) controller.close();
        else controller.enqueue(n);
      },
      cancel: () => void log.push('cancel'),
    },
    { highWaterMark: 0 },
  );
}

describe('fromReadable', () => {
  test('emits what the stream brings, and completes', async () => {
    const seen: number[] = [];
    await fromReadable(counting([], 3)).forEach((n) => void seen.push(n));
    expect(seen).toEqual([1, 2, 3]);
  });

  test('reads only while downstream is ready', async () => {
    const log: string[] = [];
    const subscription = fromReadable(counting(log)).pipe(mapAsync(() => new Promise(() => undefined), { concurrency: 2 })).subscribe();
    await settled();
    expect(log).toEqual(['pull 1', 'pull 2']);
    subscription.unsubscribe();
    await settled();
    expect(log).toEqual(['pull 1', 'pull 2', 'cancel']);
  });

  test('cancels the stream when enough was taken, and when it waits for it', async () => {
    const log: string[] = [];
    await fromReadable(counting(log)).pipe(take(1)).forEach(() => undefined);
    expect(log).toEqual(['pull 1', 'cancel']);
    const silent: string[] = [];
    fromReadable(new ReadableStream({ cancel: () => void silent.push('cancel') })).subscribe().unsubscribe();
    await settled();
    expect(silent).toEqual(['cancel']);
  });

  test('passes on the stream’s error, and that it is in use already', async () => {
    const failing = new ReadableStream<number>({ pull: (controller) => controller.error('no') });
    await expect(fromReadable(failing).forEach(() => undefined)).rejects.toBe('no');
    const locked = counting([]);
    locked.getReader();
    await expect(fromReadable(locked).forEach(() => undefined)).rejects.toMatchObject({ name: 'TypeError' });
  });
});
