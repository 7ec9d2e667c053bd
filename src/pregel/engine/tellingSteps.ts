import type { Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { Link } from '../../core/subscription.js';
import type { StepResult } from './Superstep.js';

/** Emits the state after each superstep, and tells whoever watches; what waits for an answer is told, and ends the run. */
export function tellingSteps(run: RunContext, subscriber: Subscriber<object>): Link<StepResult> {
  return new Link<StepResult>(subscriber, {
    next: (result) => {
      if (result.type === 'suspended') {
        for (const { id, payload, schema } of result.interrupts) run.tell({ type: 'interrupt', interruptId: id, payload, ...(schema && { schema }) });
        return;
      }
      const { checkpoint } = result;
      if (run.hub) run.tell({ type: 'step_end', step: checkpoint.step });
      subscriber.next(checkpoint.state);
    },
  });
}
