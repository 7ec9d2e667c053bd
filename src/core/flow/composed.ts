import { Observable, type OperatorFunction } from 'rxjs';
import { rootContext, type RunContext } from '../context/RunContext.js';
import { scoped } from '../context/scoped.js';
import { contextOf } from '../subscription.js';
import { tagFold, type Fold } from './fold.js';

/** What a chain is made of: flows and plain operators. */
export type Step = OperatorFunction<never, unknown>;

/**
 * One operator of several steps, composed when it is subscribed to, by what is there to observe: each step is tagged
 * `seq:step:n` only while somebody watches the run.
 */
export function composed(steps: readonly Step[]): OperatorFunction<never, unknown> {
  let tagged: readonly Step[] | undefined;
  return (source) =>
    new Observable((subscriber) => {
      if (subscriber.closed) return undefined;
      const watched = contextOf(subscriber)?.hub !== undefined;
      return apply(watched ? (tagged ??= steps.map(tagStep)) : steps, source).subscribe(subscriber);
    });
}

function apply(steps: readonly Step[], source: Observable<never>): Observable<unknown> {
  let observable: Observable<unknown> = source;
  for (const step of steps) observable = step(observable as Observable<never>);
  return observable;
}

function tagStep(step: Step, index: number): Step {
  const tags = [`seq:step:${index + 1}`];
  const derive = (outer: RunContext | undefined): RunContext => (outer ? outer.with({ tags: [...outer.tags, ...tags] }) : rootContext({ tags }));
  const operator = scoped(step, derive);
  const { fold } = step as { readonly fold?: Fold<unknown, unknown> };
  return fold ? (source) => tagFold(operator(source), fold) : operator;
}
