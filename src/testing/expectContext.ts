import type { Observable, OperatorFunction } from 'rxjs';
import { rootContext } from '../core/context/RunContext.js';
import { ContextLink, contextOf, createSource, Link } from '../core/subscription.js';
import { ExpectationError } from './ExpectationError.js';

/**
 * Expects that context set downstream of an operator is seen at its source, and so demand and cancellation too. `share`,
 * `shareReplay`, `connect` and operators with a partial observer stand in the way.
 *
 * @throws ExpectationError at once, unless `whenSettled` says when to look
 *
 * @example
 * ```ts
 * import { expectContext } from 'rivulet/testing';
 * import { map } from 'rxjs';
 *
 * expectContext(map((n: number) => n + 1));
 * ```
 */
export function expectContext(operator: OperatorFunction<never, unknown>, whenSettled: (check: () => void) => void = (check) => check()): void {
  const mark = Symbol('expectContext');
  const context = rootContext().with({ metadata: { [mark]: true } });
  let seen: 'nobody' | 'context' | 'no context' = 'nobody';
  const source: Observable<never> = createSource((subscriber) => {
    seen = contextOf(subscriber)?.metadata[mark as never] === true ? 'context' : 'no context';
  });
  const consumer = new Link<unknown>(undefined, { next: () => undefined, error: () => undefined });
  operator(source).subscribe(new ContextLink(consumer, context));
  whenSettled(() => {
    consumer.unsubscribe();
    if (seen === 'context') return;
    throw new ExpectationError(
      seen === 'nobody'
        ? 'the operator never subscribed to its source, so that there is no context to see. If it does so later, use expectContext of marbles(…)'
        : "the operator's source doesn't see the context set downstream. share, shareReplay, connect or an operator with a partial observer stands between: use broadcast, or pass the subscriber through (operate, Link)",
    );
  });
}
