import type { Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { Link } from '../../core/subscription.js';
import type { Command } from '../graph/command.js';
import type { Nesting } from './Nesting.js';
import type { StepResult } from './Superstep.js';
import type { OpenInterrupt } from './TaskWork.js';

/**
 * Emits the output after each superstep, and tells whoever watches. What waits for an answer is told, and ends the run.
 *
 * @param nesting the task that the run is part of: it waits and leaves with it
 */
export function tellingSteps(run: RunContext, subscriber: Subscriber<object>, nesting: Nesting | undefined): Link<StepResult> {
  let end = (): void => subscriber.complete();
  return new Link<StepResult>(subscriber, {
    next: (result) => {
      if (result.type === 'suspended') {
        if (nesting) end = () => nesting.waitFor(result.interrupts);
        else tellInterrupts(run, result.interrupts);
      } else if (result.type === 'left') {
        end = () => leave(run, nesting, result.commands);
      } else {
        const { checkpoint } = result;
        if (run.hub) run.tell({ type: 'step_end', step: checkpoint.step });
        subscriber.next(checkpoint.output);
      }
    },
    complete: () => end(),
  });
}

function tellInterrupts(run: RunContext, interrupts: readonly OpenInterrupt[]): void {
  for (const { id, payload, schema } of interrupts) run.tell({ type: 'interrupt', interruptId: id, payload, ...(schema && { schema }) });
}

function leave({ path }: RunContext, nesting: Nesting | undefined, commands: readonly Command[]): void {
  if (nesting) return nesting.endWith(commands);
  throw new RivuletError('INVALID_ROUTE', 'a node returned command({ graph: PARENT }), and no graph is above this one. Leave out graph, or run it as a node of another', { path });
}
