import type { Observable } from 'rxjs';
import { ExpectationError } from '../ExpectationError.js';
import type { StoreCase } from './StoreProbe.js';

/** A synchronous store has no microtask in it: a node that uses it stays synchronous. */
export const synchronousStoreCases: readonly StoreCase[] = [
  {
    name: 'a synchronous store answers synchronously',
    run: async (probe) => {
      const { store } = probe;
      const own = probe.at('a');
      const work: Readonly<Record<string, Observable<unknown>>> = {
        put: store.put(own, 'k', {}),
        get: store.get(own, 'k'),
        search: store.search(own, { filter: { a: 1 } }),
        listNamespaces: store.listNamespaces({ prefix: own }),
        delete: store.delete(own, 'k'),
      };
      for (const [method, observable] of Object.entries(work)) {
        let outcome: string | undefined = `${method} didn't complete within its subscribe`;
        observable.subscribe({ complete: () => (outcome = undefined), error: (error: unknown) => (outcome = `${method} failed: ${String(error)}`) });
        if (outcome !== undefined) throw new ExpectationError(outcome);
      }
    },
  },
];
