import type { Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { Link } from '../../core/subscription.js';
import type { Command } from '../graph/command.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import type { ChannelViews } from './ChannelViews.js';
import type { ChannelWrites, Checkpoint } from './Checkpoint.js';
import type { Nesting } from './Nesting.js';
import type { Advance } from './nextCheckpoint.js';
import type { StepResult } from './Superstep.js';
import { statePatch } from './statePatch.js';
import type { OpenInterrupt } from './TaskWork.js';

/** What a run wrote by its input, and to what. */
export interface InputWrites {
  readonly writes: ChannelWrites;
  readonly before: Checkpoint;
}

/** Whom a graph's run is told to besides its subscriber and those who hear its events. */
export interface Listeners {
  readonly plan: GraphPlan;
  /** Of the channels, if somebody may look at them. */
  readonly views: ChannelViews | undefined;
  /** The task that the run is part of: it waits and leaves with it. */
  readonly nesting: Nesting | undefined;
}

/** Emits the output of a graph's run after its input and after each superstep, and tells whoever watches. */
export class RunTelling {
  private states: readonly unknown[] = [];

  constructor(
    private readonly to: Listeners,
    private readonly run: RunContext,
    private readonly subscriber: Subscriber<object>,
  ) {}

  /** Where the run begins. */
  begin(checkpoint: Checkpoint, input?: InputWrites): void {
    const { run, to, subscriber } = this;
    const { states, output, step, id: checkpointId } = checkpoint;
    this.states = states;
    to.views?.publish(checkpoint, input?.writes, input?.before.states);
    if (run.hub) run.tell({ type: 'state_update', step, patch: [{ op: 'add', path: '', value: output }], checkpointId });
    subscriber.next(output);
  }

  /** Takes the results of supersteps. What waits for an answer is told, and ends the run. */
  steps(): Link<StepResult> {
    const { run, subscriber, to: { nesting } } = this;
    let end = (): void => subscriber.complete();
    return new Link<StepResult>(subscriber, {
      next: (result) => {
        if (result.type === 'advanced') return this.advance(result);
        if (result.type === 'left') end = () => leave(run, nesting, result.commands);
        else if (nesting) end = () => nesting.waitFor(result.interrupts);
        else tellInterrupts(run, result.interrupts);
      },
      complete: () => end(),
    });
  }

  private advance({ checkpoint, writes }: Advance): void {
    const { run, to, states, subscriber } = this;
    this.states = checkpoint.states;
    to.views?.publish(checkpoint, writes);
    if (run.hub) {
      const { step, id: checkpointId } = checkpoint;
      run.tell({ type: 'state_update', step, patch: statePatch(to.plan, states, checkpoint.states, writes), checkpointId });
      run.tell({ type: 'step_end', step });
    }
    subscriber.next(checkpoint.output);
  }
}

function tellInterrupts(run: RunContext, interrupts: readonly OpenInterrupt[]): void {
  for (const { id, taskId, node, payload, schema, expiresAt } of interrupts) run.tell({ type: 'interrupt', interruptId: id, taskId, node, payload, ...(schema && { schema }), ...(expiresAt !== undefined && { expiresAt }) });
}

function leave({ path }: RunContext, nesting: Nesting | undefined, commands: readonly Command[]): void {
  if (nesting) return nesting.endWith(commands);
  throw new RivuletError('INVALID_ROUTE', 'a node returned command({ graph: PARENT }), and no graph is above this one. Leave out graph, or run it as a node of another', { path });
}
