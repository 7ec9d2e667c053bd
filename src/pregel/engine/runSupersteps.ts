import { EMPTY, type Observable } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { iterate } from '../../core/loop/iterate.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import { choiceStep, chosen } from './choiceStep.js';
import type { Checkpoint } from './Checkpoint.js';
import type { Home } from './Home.js';
import { pauseStep, type Pauses } from './pauseStep.js';
import { superstep, type Position, type StepResult } from './Superstep.js';
import { NO_PENDING, type TaskWork } from './TaskWork.js';

/** Stores what a superstep brings; the result is let through once it is stored. Without a store it is the step itself. */
export type Keeping = (step: Observable<TaskWork | StepResult>, at: Position) => Observable<StepResult>;

/** What a run is besides its plan, when it is kept. */
export interface KeptRun {
  readonly home: Home;
  readonly pauses: Pauses;
}

/**
 * The driver: superstep after superstep, until nothing is due, an answer is awaited, a pause is reached, it is drained, or the limit. A step
 * starts only when downstream is ready.
 *
 * @param kept where the run is kept, and where it pauses; without it nothing can wait for an answer
 */
export function runSupersteps(plan: GraphPlan, from: Position, context: RunContext, keeping: Keeping, kept: KeptRun | undefined): Observable<StepResult> {
  let position = from;
  let taken = 0;
  const { drain } = context;
  const turn = (): Observable<StepResult> => {
    if (position.checkpoint.choice.length > 0) {
      const next = chosen(position);
      if (!next) return keeping(choiceStep(position.checkpoint), position);
      position = next;
    }
    const { checkpoint } = position;
    if (checkpoint.due.length === 0) return EMPTY;
    if (drain?.aborted) {
      context.hub?.drained();
      return EMPTY;
    }
    const pause = kept && pauseStep(kept.pauses, position);
    if (pause) return keeping(pause, position);
    if (taken++ >= context.recursionLimit) throw overLimit(context, checkpoint);
    if (context.hub) context.tell({ type: 'step_start', step: checkpoint.step + 1, tasks: checkpoint.due.map(({ id }) => id) });
    return keeping(superstep(plan, position, context, kept?.home), position);
  };
  const goesOn = (result: StepResult): boolean => {
    if (result.type !== 'advanced') return false;
    position = { checkpoint: result.checkpoint, pending: NO_PENDING };
    return true;
  };
  const seed: StepResult = { type: 'advanced', checkpoint: from.checkpoint, writes: new Map() };
  return iterate<StepResult, StepResult>(seed, turn, goesOn as (value: StepResult) => value is StepResult, { yieldEvery: YIELD_EVERY });
}

/** So many supersteps take 2 ms if they are synchronous; the turn that others then have costs a hundredth of that. */
const YIELD_EVERY = 512;

function overLimit({ recursionLimit, path }: RunContext, { due }: Checkpoint): RivuletError {
  const nodes = [...new Set(due.map(({ node }) => node))].join(', ');
  return new RivuletError('GRAPH_RECURSION_LIMIT', `${recursionLimit} supersteps ran, and ${nodes} would be next. Raise recursionLimit, or give the cycle a way out to END`, { path });
}
