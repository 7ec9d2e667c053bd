import { applyWrites } from '../../channels/applyWrites.js';
import { frozen, frozenOutside } from '../../channels/frozen.js';
import { isCommand } from '../graph/command.js';
import type { GraphPlan, PlanChannel } from '../graph/GraphPlan.js';
import type { ChannelWrites } from './Checkpoint.js';
import type { NodeWrite } from './writesOf.js';

/** One task's writes by channel, prepared once; of several to a channel of one value the last counts. */
export function gathered(plan: GraphPlan, writes: readonly NodeWrite[], ids: () => string): ChannelWrites {
  const all = new Map<number, unknown[]>();
  for (const write of writes) gatherOne(plan, all, isCommand(write) ? (write.graph ? undefined : write.update) : write, ids);
  return all;
}

function gatherOne(plan: GraphPlan, all: Map<number, unknown[]>, update: unknown, ids: () => string): void {
  if (update === undefined) return;
  for (const key in update as object) {
    const value = (update as Record<string, unknown>)[key];
    if (value === undefined) continue;
    const at = plan.position.get(key) as number;
    const { channel } = plan.channels[at] as PlanChannel;
    const prepared = channel.prepare ? channel.prepare(value as never, ids, key) : value;
    const list = all.get(at);
    if (list && !channel.single) list.push(prepared);
    else all.set(at, [prepared]);
  }
}

/** The writes of all tasks, in task order. */
export function together(tasks: readonly ChannelWrites[]): ChannelWrites {
  if (tasks.length === 1) return tasks[0] as ChannelWrites;
  const all = new Map<number, unknown[]>();
  for (const writes of tasks) {
    for (const [at, list] of writes) {
      const known = all.get(at);
      if (known) for (const write of list) known.push(write);
      else all.set(at, [...list]);
    }
  }
  return all;
}

/**
 * The channels' states after a superstep: what its tasks could read is consumed where that empties it, then comes what they wrote, and
 * what they didn't write is cleared where it is for one superstep only.
 */
export function applyAll(plan: GraphPlan, states: readonly unknown[], writes: ChannelWrites): readonly unknown[] {
  const { consuming, clearing } = plan;
  if (writes.size + consuming.length + clearing.length === 0) return states;
  const next = states.slice();
  for (const at of consuming) next[at] = (plan.channels[at] as PlanChannel).channel.consume?.(next[at] as never);
  for (const [at, list] of writes) {
    const { name, channel } = plan.channels[at] as PlanChannel;
    const state = applyWrites(channel, next[at] as never, list as never, name);
    next[at] = channel.untracked ? state : shared(state, list);
  }
  for (const at of clearing) {
    if (!writes.has(at)) next[at] = (plan.channels[at] as PlanChannel).channel.untouched?.(next[at] as never);
  }
  return next;
}

/**
 * What was written is shared from now on. It is frozen when it has been reduced: V8 joins frozen arrays many times slower. Of the
 * state itself only the outside is: a list of a million isn't walked for one item more.
 */
function shared(state: unknown, writes: readonly unknown[]): unknown {
  for (const write of writes) frozen(write);
  return frozenOutside(state);
}
