import { expect, test } from '@jest/globals';
import { NEVER, of, Subject, throwError } from 'rxjs';
import { lambda } from '../flow/lambda.js';
import { last } from '../flow/fold.js';
import { Link } from '../subscription.js';
import { foldToPromise } from './foldToPromise.js';

/** A turn of the event loop, after which Node would have reported an unhandled rejection, which fails the test. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const owner = (): Link<never> => new Link<never>(undefined, { next: () => undefined });

test('it resolves with what the chunks fold to', async () => {
  expect(await foldToPromise(last<number>(), undefined, (subscriber) => of(1, 2).subscribe(subscriber))).toBe(2);
});

test('it rejects with the error of the run', async () => {
  const boom = new Error('boom');
  await expect(foldToPromise(last(), undefined, (subscriber) => throwError(() => boom).subscribe(subscriber))).rejects.toBe(boom);
});

test('it rejects when the fold fails, and leaves the run', async () => {
  const numbers = new Subject<number>();
  const fold = { kind: 'strict', start: () => ({ add: (n: number) => { throw new Error(`no ${n}`); }, result: () => 0 }) };
  const result = foldToPromise(fold, undefined, (subscriber) => numbers.subscribe(subscriber));
  numbers.next(7);
  await expect(result).rejects.toThrow('no 7');
  expect(numbers.observed).toBe(false);
});

test('it rejects when the subscription throws', async () => {
  await expect(foldToPromise(last(), undefined, () => { throw new Error('boom'); })).rejects.toThrow('boom');
});

test('it rejects with CANCELLED, and leaves the run, when its owner ends', async () => {
  const numbers = new Subject<number>();
  const call = owner();
  const result = foldToPromise(last<number>(), call, (subscriber) => numbers.subscribe(subscriber));
  call.unsubscribe();
  await expect(result).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(numbers.observed).toBe(false);
});

test('an owner that has ended gets CANCELLED, and nothing is subscribed', async () => {
  const call = owner();
  call.unsubscribe();
  let subscribed = 0;
  await expect(foldToPromise(last(), call, () => subscribed++)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(subscribed).toBe(0);
});

test('a run that its call doesn\'t await is cancelled with it, without an unhandled rejection', async () => {
  const inner = lambda(() => NEVER);
  const outer = lambda((_: string, run) => {
    void inner.invoke('', run);
    void inner.batch(['a'], run);
    return 'done';
  });
  expect(await outer.invoke('')).toBe('done');
  outer.run('').subscribe().unsubscribe();
  await turn();
});

test('an owner keeps no trace of runs that have ended', async () => {
  const call = owner();
  for (let i = 0; i < 100; i++) await foldToPromise(last<number>(), call, (subscriber) => of(i).subscribe(subscriber));
  expect((call as unknown as { readonly _finalizers: readonly unknown[] | null })._finalizers ?? []).toHaveLength(0);
});
