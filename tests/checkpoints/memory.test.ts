import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from '@jest/globals';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { checkpointerConformance } from '../../src/testing/checkpointerConformance.js';
import { all, AT, commitOf, failureOf } from './work.js';

describe('memoryCheckpointer', () => {
  for (const { name, run } of checkpointerConformance(() => memoryCheckpointer(), { synchronous: true })) test(name, run);

  test('K1 a lease ends in virtual time', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ expectObservable, hot }) => {
      const store = memoryCheckpointer();
      const held = store.acquire('thread', 'a', 5);
      expectObservable(held).toBe('(l|)', { l: { thread: 'thread', owner: 'a', expiresAt: 5 } });
      const outcomes: string[] = [];
      hot('--4----9', { 4: 'at 2', 9: 'at 7' }).subscribe((when) =>
        store.acquire('thread', 'b', 5).subscribe({ next: () => outcomes.push(`${when}: b holds it`), error: ({ code }: { code: string }) => outcomes.push(`${when}: ${code}`) }),
      );
      scheduler.schedule(() => expect(outcomes).toEqual(['at 2: THREAD_BUSY', 'at 7: b holds it']), 10);
    });
  });

  test('K7 checkpoints age in virtual time', () => {
    new TestScheduler(() => undefined).run(({ cold }) => {
      const store = memoryCheckpointer();
      cold('ab---c').subscribe((id) => {
        if (id === 'c') store.prune(AT.thread, { maxAgeMs: 4 }).subscribe((removed) => expect(removed).toBe(1));
        else store.commit(commitOf(id, id === 'a' ? undefined : 'a'), 'owner').subscribe();
      });
    });
  });

  test('K7 prune gives back what nothing is made of any more', async () => {
    const store = memoryCheckpointer();
    const text = JSON.stringify('x'.repeat(1_000));
    for (let i = 0; i < 100; i++) {
      const entries = [{ channel: 'last', kind: 'snapshot', json: text }, { channel: 'log', kind: i === 90 ? 'snapshot' : 'delta', json: text }] as const;
      await all(store.commit(commitOf(`c${i}`, i ? `c${i - 1}` : undefined, '', { entries }), 'owner'));
    }
    expect(store.bytes()).toBeGreaterThan(200_000);
    expect(await all(store.prune(AT.thread, { keepLast: 1 }))).toEqual([99]);
    // One last value, and a chain of ten.
    expect(store.bytes()).toBeLessThan(12_000);
    expect(store.bytes()).toBeGreaterThan(11_000);
  });

  test('a thread that was only held leaves nothing', async () => {
    const store = memoryCheckpointer();
    await all(store.acquire('thread', 'a', 1_000));
    await all(store.release('thread', 'a'));
    expect(await all(store.threads())).toEqual([]);
    expect(await failureOf(store.renew('thread', 'a', 1_000))).toMatchObject({ code: 'LEASE_LOST', name: 'LeaseLostError' });
  });
});
