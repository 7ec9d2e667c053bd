import type { Observable } from 'rxjs';
import { rootContext } from '../../core/context/RunContext.js';
import type { TaskScope } from '../../core/context/TaskScope.js';
import { ContextLink, contextOf, createSource } from '../../core/subscription.js';

/** Runs work whose callbacks see `scope` as their task. */
export function inScope<T>(scope: TaskScope, work: Observable<T>): Observable<T> {
  return createSource((subscriber) => work.subscribe(new ContextLink(subscriber, (contextOf(subscriber as never) ?? rootContext()).with({ task: scope }))));
}
