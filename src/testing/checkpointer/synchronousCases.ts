import type { Observable } from 'rxjs';
import { ExpectationError } from '../ExpectationError.js';
import type { ConformanceCase } from './CheckpointerProbe.js';

/** A synchronous store has no microtask in it: the engine's steps run through. */
export const synchronousCases: readonly ConformanceCase[] = [
  {
    name: 'a synchronous store completes synchronously',
    run: async (probe) => {
      const { store, thread } = probe;
      const at = probe.at();
      const work: Readonly<Record<string, Observable<unknown>>> = {
        acquire: store.acquire(thread, 'owner', 60_000),
        renew: store.renew(thread, 'owner', 60_000),
        commit: store.commit(probe.commitOf('c1'), 'owner'),
        putPending: store.putPending(at, 'c1', [{ taskId: 't', key: 'k', json: '1' }]),
        load: store.load(at, undefined, ['n']),
        history: store.history(at),
        fork: store.fork(at, 'c1', 'left'),
        prune: store.prune(thread, { keepLast: 1 }),
        threads: store.threads({ limit: 1 }),
        release: store.release(thread, 'owner'),
        deleteThread: store.deleteThread(thread),
      };
      for (const [method, observable] of Object.entries(work)) {
        let outcome: string | undefined = `${method} didn't complete within its subscribe`;
        observable.subscribe({ complete: () => (outcome = undefined), error: (error: unknown) => (outcome = `${method} failed: ${String(error)}`) });
        if (outcome !== undefined) throw new ExpectationError(outcome);
      }
    },
  },
];
