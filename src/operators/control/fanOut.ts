import type { Observable, Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import type { Flow } from '../../core/flow/flow.js';
import { contextOf, createSource, Link } from '../../core/subscription.js';
import { chosenNow } from './ChosenFold.js';
import type { Anew, AnyRecordChunk, RecordFold } from './RecordFold.js';
import { toFlow, type AnySteps } from './step.js';

/** A flow that makes one value of a record. */
export interface Branch {
  readonly key: string;
  readonly flow: Flow<unknown, unknown, unknown>;
}

/** The branches of named steps, or of a list, named by place. */
export function toBranches(steps: AnySteps): readonly Branch[] {
  return Object.entries(steps).map(([key, step]) => ({ key, flow: toFlow(step, key) }));
}

/**
 * Runs each branch on one input, at most `concurrency` at a time, and emits what they emit as chunks of a record. Nothing is
 * parked: each branch's source asks whoever is downstream before it emits.
 */
export function fanOut(branches: readonly Branch[], input: unknown, fold: RecordFold<unknown>, concurrency: number): Observable<AnyRecordChunk> {
  return createSource((subscriber) => {
    const context = contextOf(subscriber);
    const limit = Math.min(concurrency, context?.maxConcurrency ?? Infinity);
    let begun = 0;
    let running = 0;
    let beginning = false;

    function beginMore(): void {
      if (beginning) return; // a branch that ends at once: the loop below goes on
      beginning = true;
      for (let branch = branches[begun]; branch && running < limit && !subscriber.closed; branch = branches[begun]) {
        begun++;
        running++;
        branch.flow.run(input).subscribe(branchLink(branch, fold, context, subscriber, ended));
      }
      beginning = false;
      if (running === 0 && begun === branches.length) subscriber.complete();
    }

    function ended(): void {
      running--;
      beginMore();
    }

    beginMore();
  });
}

/** Makes record chunks of a branch's chunks. That a branch starts over is said by its next chunk, in its place in the stream. */
function branchLink({ key, flow }: Branch, fold: RecordFold<unknown>, context: RunContext | undefined, subscriber: Subscriber<AnyRecordChunk>, ended: () => void): Link<unknown> {
  let anew: Anew | undefined;

  function emit(chunk: AnyRecordChunk): void {
    anew = undefined;
    subscriber.next(chunk);
  }

  return new Link<unknown>(subscriber, {
    next: (value) => emit(anew ? fold.chunks({ [key]: value }, anew) : fold.chunk(key, value)),
    complete: () => {
      if (anew) emit(fold.chunks({}, anew));
      ended();
    },
    restart: () => {
      anew = { key, fold: chosenNow(flow.fold) };
    },
    context: context?.hub && context.with({ tags: [...context.tags, `map:key:${key}`] }),
  });
}
