import type { Subscriber } from 'rxjs';
import type { RunScope } from '../../core/context/RunScope.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { whole } from '../../core/flow/whole.js';
import { createSource, Link, restartOf } from '../../core/subscription.js';
import { ChosenFold } from './ChosenFold.js';

type AnyFlow = Flow<unknown, unknown, unknown>;

/** Says which flow runs on `input`, by calling `run` once. */
export type Decide = (input: unknown, run: RunScope, subscriber: Subscriber<unknown>, begin: (target: AnyFlow) => void) => void;

/** A flow that decides in each run which of its targets runs, and folds as that one does. */
export function deciding(name: string, targets: readonly AnyFlow[], decide: Decide): AnyFlow {
  const [first] = targets;
  if (first && targets.every(({ fold }) => fold === first.fold)) return flow(name, decided(decide, forward), { fold: first.fold });
  const chosen = new ChosenFold<unknown, unknown>();
  return flow(name, decided(decide, (target, input, subscriber) => choose(chosen, target, input, subscriber)), { fold: chosen });
}

type Begin = (target: AnyFlow, input: unknown, subscriber: Subscriber<unknown>) => void;

function decided(decide: Decide, begin: Begin): AnyFlow {
  return whole<unknown, unknown>((input, run) =>
    createSource<unknown>((subscriber) => decide(input, run, subscriber, (target) => begin(target, input, subscriber))),
  ) as AnyFlow;
}

function forward(target: AnyFlow, input: unknown, subscriber: Subscriber<unknown>): void {
  target.run(input).subscribe(subscriber);
}

function choose(chosen: ChosenFold<unknown, unknown>, target: AnyFlow, input: unknown, subscriber: Subscriber<unknown>): void {
  const restartBelow = restartOf(subscriber);
  const restart = (): void => chosen.choose(target.fold, restartBelow);
  restart();
  target.run(input).subscribe(new Link<unknown>(subscriber, { next: (chunk) => subscriber.next(chunk), restart }));
}
