import { describe, expect, test } from '@jest/globals';
import { concat, map, NEVER, of, tap, timer } from 'rxjs';
import { Gate } from '../../src/core/demand/Gate.js';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { isRivuletError } from '../../src/core/errors/RivuletError.js';
import { Link } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';

const cancelled = expect.objectContaining({ name: 'CancelledError', code: 'CANCELLED' });
const timeout = expect.objectContaining({ name: 'RunTimeoutError', code: 'TIMEOUT' });
const after = (ms: number) => lambda((x: string) => timer(ms).pipe(map(() => x)));

/** A signal that counts who listens. */
function counted(): { readonly controller: AbortController; readonly listening: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => (listeners++, addEventListener.apply(signal, args));
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => (listeners--, removeEventListener.apply(signal, args));
  return { controller, listening: () => listeners };
}

describe('a run\'s signal', () => {
  test('ends the run with CANCELLED in the frame in which it aborts, and stops what runs', marbles(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
    const controller = new AbortController();
    const tokens = cold('-a-b-c-d|');
    scheduler.schedule(() => controller.abort(), 4);
    expectObservable(lambda((_: string) => tokens).run('', { signal: controller.signal })).toBe('-a-b#', undefined, cancelled);
    expectSubscriptions(tokens.subscriptions).toBe('^---!');
  }));

  test('ends before it starts what was aborted before', marbles(({ expectObservable }) => {
    let calls = 0;
    expectObservable(lambda(() => calls++).run('', { signal: AbortSignal.abort('early') })).toBe('#', undefined, expect.objectContaining({ code: 'CANCELLED', cause: 'early' }));
    expect(calls).toBe(0);
  }));

  test('beats an emission of the same frame', marbles(({ expectObservable }, scheduler) => {
    const controller = new AbortController();
    scheduler.schedule(() => controller.abort(), 3);
    expectObservable(after(3).run('a', { signal: controller.signal })).toBe('---#', undefined, cancelled);
  }));

  test('heard in the middle of a burst, is followed by nothing of it', () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    const burst = lambda((_: string) => of(1, 2, 3));
    burst.run('', { signal: controller.signal }).subscribe({ next: (n) => (seen.push(n), n === 2 ? controller.abort() : undefined), error: (error: { readonly code: string }) => seen.push(error.code) });
    expect(seen).toEqual([1, 2, 'CANCELLED']);
  });

  test('comes too late for a run that is done', marbles(({ expectObservable }, scheduler) => {
    const controller = new AbortController();
    scheduler.schedule(() => controller.abort(), 5);
    expectObservable(after(3).run('a', { signal: controller.signal })).toBe('---(a|)');
  }));

  test('carries its reason, and aborts the signal of the calls in it', marbles(({ flush }, scheduler) => {
    const controller = new AbortController();
    const log: unknown[] = [];
    const call = lambda((_: string, run) => (run.signal.addEventListener('abort', () => log.push('aborted')), NEVER));
    chain(call).run('', { signal: controller.signal }).subscribe({ error: ({ cause }: Error) => log.push(cause) });
    scheduler.schedule(() => controller.abort('enough'), 2);
    flush();
    expect(log.sort()).toEqual(['aborted', 'enough']);
  }));

  test('is listened to no longer than the run lasts, however it ends', async () => {
    const { controller, listening } = counted();
    const { signal } = controller;
    const hanging = lambda(() => NEVER).run('', { signal }).subscribe({ error: () => undefined });
    expect(listening()).toBe(1);
    hanging.unsubscribe();
    expect(listening()).toBe(0);
    for (let i = 0; i < 100; i++) await lambda((n: number) => n).invoke(i, { signal });
    await lambda(() => Promise.reject(new Error('boom'))).invoke('', { signal }).catch(() => undefined);
    await lambda((n: number) => n).batch([1, 2, 3], { signal });
    for await (const _ of lambda(() => pull([1, 2, 3])).stream('', { signal })) break;
    await lambda((n: number) => n).start(1, { signal }).result;
    expect(listening()).toBe(0);
  });

  test('cancels each way to run a flow', async () => {
    const signal = AbortSignal.abort('no');
    const refused = { code: 'CANCELLED', cause: 'no' };
    const hanging = lambda((_: string) => NEVER);
    await expect(hanging.invoke('', { signal })).rejects.toMatchObject(refused);
    await expect(hanging.batch(['a', 'b'], { signal })).rejects.toMatchObject(refused);
    await expect(hanging.stream('', { signal }).next()).rejects.toMatchObject(refused);
    await expect(hanging.start('', { signal }).result).rejects.toMatchObject(refused);
    let raised: unknown;
    hanging.events('', { signal }).subscribe({ error: (error: unknown) => (raised = error) });
    expect(raised).toMatchObject(refused);
  });
});

describe('a run\'s timeoutMs', () => {
  test('ends the run with TIMEOUT in the frame in which its time is up, and stops what runs', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const tokens = cold('-a-b-c-d|');
    expectObservable(lambda((_: string) => tokens).run('', { timeoutMs: 4 })).toBe('-a-b#', undefined, timeout);
    expectSubscriptions(tokens.subscriptions).toBe('^---!');
  }));

  test('is beaten by a value of the same frame', marbles(({ expectObservable }) => {
    expectObservable(after(4).run('a', { timeoutMs: 4 })).toBe('----(a|)');
    expectObservable(after(5).run('a', { timeoutMs: 4 })).toBe('----#', undefined, timeout);
  }));

  test('of 0 lets pass what is synchronous', marbles(({ expectObservable }) => {
    expectObservable(lambda((x: string) => x).run('a', { timeoutMs: 0 })).toBe('(a|)');
    expectObservable(after(1).run('a', { timeoutMs: 0 })).toBe('#', undefined, timeout);
  }));

  test('says which limit it was, and what to do', async () => {
    const error = await lambda(() => NEVER).invoke('', { timeoutMs: 1 }).catch((raised: unknown) => raised);
    expect(error).toMatchObject({ code: 'TIMEOUT', limit: 'total', timeoutMs: 1, message: expect.stringMatching(/did not complete within 1 ms.*withRetry/) });
  });

  test('doesn\'t count the time at a closed gate: a slow consumer is not a slow model', marbles(({ flush }, scheduler) => {
    const log: string[] = [];
    const gate = new Gate(1);
    const note = (what: unknown): void => void log.push(`${String(what)}@${scheduler.now()}`);
    const slow = new Link<number>(undefined, { next: (n) => (gate.hold(), note(n), scheduler.schedule(() => gate.release(), 10)), error: (error) => note(isRivuletError(error) && error.code), complete: () => note('done'), demand: gate });
    lambda((_: string) => concat(pull([1, 2, 3]), NEVER)).run('', { timeoutMs: 5 }).subscribe(slow);
    flush();
    expect(log).toEqual(['1@0', '2@10', '3@20', 'TIMEOUT@35']);
  }));

  test('is the run\'s own: one inside it may have a shorter one', marbles(({ expectObservable }) => {
    const outer = lambda((x: string) => after(9).run(x, { timeoutMs: 3 }));
    expectObservable(outer.run('a', { timeoutMs: 5 })).toBe('---#', undefined, timeout);
  }));

  test('leaves no timer behind', marbles(({ flush }, scheduler) => {
    after(2).run('a', { timeoutMs: 1_000 }).subscribe();
    lambda(() => NEVER).run('', { timeoutMs: 500 }).pipe(tap()).subscribe().unsubscribe();
    flush();
    expect(scheduler.now()).toBe(2);
  }));
});
