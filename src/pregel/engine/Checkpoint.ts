import type { GraphPlan } from '../graph/GraphPlan.js';

/** A task that is due. Its id is the same on every machine and pass, so that its pending work is found again. */
export interface DueTask {
  readonly id: string;
  readonly node: string;
  /** Orders the writes of a superstep: pulled tasks by node, then sent ones as they were emitted. */
  readonly path: string;
  /** What a `send` gave it, in place of the state. */
  readonly arg?: { readonly value: unknown };
  readonly timeout?: { readonly runMs?: number; readonly idleMs?: number };
}

/** Where a run stands between two supersteps. */
export class Checkpoint {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly step: number;
  /** The channels' states, by position. */
  readonly states: readonly unknown[];
  readonly due: readonly DueTask[];
  /** Whose writes led here: nodes, START, or `updateState`. */
  readonly ran: readonly string[];
  /** Which of its nodes have run, for each join. */
  readonly arrived: readonly (readonly string[])[];
  /** Deferred nodes that were triggered and wait until nothing else is due. */
  readonly deferred: readonly string[];
  /** Of the due nodes those of which somebody is to choose one; empty: all of them run. */
  readonly choice: readonly string[];
  private snapshot: object | undefined;

  constructor(
    private readonly plan: GraphPlan,
    { id, parentId, step, states, due, ran, arrived, deferred, choice }: CheckpointFields,
  ) {
    this.id = id;
    this.parentId = parentId;
    this.step = step;
    this.states = states;
    this.due = due;
    this.ran = ran;
    this.arrived = arrived;
    this.deferred = deferred;
    this.choice = choice;
  }

  /** What nodes read: made once, when somebody reads it. */
  get state(): object {
    return (this.snapshot ??= this.plan.snapshot(this.states));
  }

  /** What a run returns. */
  get output(): object {
    const { plan, states } = this;
    return plan.output === plan.snapshot ? this.state : plan.output(states);
  }

  /** The same with some of it changed. */
  with(patch: Partial<CheckpointFields>): Checkpoint {
    return new Checkpoint(this.plan, { ...this, ...patch });
  }
}

/** What a checkpoint is made of. */
type CheckpointFields = Omit<Checkpoint, 'state' | 'output' | 'with'>;

/** What a superstep did to the channels: the writes of each that changed, by position. */
export type ChannelWrites = ReadonlyMap<number, readonly unknown[]>;

/** The channels that a superstep may have changed. */
export function touchedBy({ consuming, clearing, finishing }: GraphPlan, writes: ChannelWrites): Iterable<number> {
  const unwritten = [...consuming, ...clearing, ...finishing];
  return unwritten.length === 0 ? writes.keys() : new Set([...writes.keys(), ...unwritten]);
}
