import type { Subscriber } from 'rxjs';
import { deliver } from '../../core/bridge/result.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { isFlow, type Flow } from '../../core/flow/flow.js';
import { Link } from '../../core/subscription.js';
import type { AnyStep } from './step.js';

/** Gives what a step says of `input` to `answered`, once: a flow's result, a callback's first value, or nothing. */
export function ask(step: AnyStep, input: unknown, run: RunScope, subscriber: Subscriber<never>, answered: (answer: unknown) => void): void {
  if (isFlow(step)) return askFlow(step as unknown as Flow<unknown, unknown, unknown>, input, subscriber, answered);
  const result = (step as (input: unknown, run: RunScope) => unknown)(input, run);
  if (typeof result !== 'object' || result === null) return answered(result);
  const link = new Link<unknown>(subscriber, {
    next: (answer) => {
      link.unsubscribe();
      answered(answer);
    },
    complete: () => answered(undefined),
  });
  deliver(result, link, run);
}

function askFlow({ fold, run }: Flow<unknown, unknown, unknown>, input: unknown, subscriber: Subscriber<never>, answered: (answer: unknown) => void): void {
  let folding = fold.start();
  const link = new Link<unknown>(subscriber, {
    next: (chunk) => folding.add(chunk),
    complete: () => answered(folding.result()),
    restart: () => {
      folding = fold.start();
    },
  });
  run(input).subscribe(link);
}
