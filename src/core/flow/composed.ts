import { Observable, type OperatorFunction } from 'rxjs';
import { rootContext } from '../context/RunContext.js';
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

/** A span bears its tag itself; anything else hands it to the outermost runs within it. */
function tagStep(step: Step, index: number): Step {
  const stepTag = `seq:step:${index + 1}`;
  const { fold, [TAGGED]: tagged } = step as TaggableStep;
  const operator = tagged ? tagged(stepTag) : scoped(step, (outer) => (outer ?? rootContext()).with({ stepTag }));
  return fold ? (source) => tagFold(operator(source), fold) : operator;
}

/** Under this key a flow that is a span has the operator of which it is a step. */
export const TAGGED: unique symbol = Symbol.for('rivulet.tagged') as never;

interface TaggableStep {
  readonly fold?: Fold<unknown, unknown>;
  readonly [TAGGED]?: (stepTag: string) => Step;
}
