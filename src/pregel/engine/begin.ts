import type { Subscriber } from 'rxjs';
import { frozen } from '../../channels/frozen.js';
import type { RunContext } from '../../core/context/RunContext.js';
import { RunScope } from '../../core/context/RunScope.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { isCommand } from '../graph/command.js';
import type { Exits, GraphPlan } from '../graph/GraphPlan.js';
import { START } from '../graph/names.js';
import { Checkpoint } from './Checkpoint.js';
import { leadOf, nextCheckpoint, type Advance } from './nextCheckpoint.js';
import { writesOf, type NodeWrite } from './writesOf.js';

/** A thread before anything happened. */
export function emptyCheckpoint(plan: GraphPlan): Checkpoint {
  const states = plan.channels.map(({ channel }) => (channel.untracked ? channel.initial() : frozen(channel.initial())));
  return new Checkpoint(plan, { id: '', parentId: undefined, step: -2, states, due: [], ran: [], arrived: plan.joins.map(() => []), deferred: [], choice: [] });
}

/** Leads nowhere. */
export const NO_EXITS: Exits = { targets: [], branches: [], joins: [] };

/**
 * Applies a run's input as the superstep before the first: its update is written as by START, and where START leads is due. A
 * `command({ goto })` says itself where to begin. What was due or waiting before is given up.
 */
export function begin(plan: GraphPlan, before: Checkpoint, input: unknown, subscriber: Subscriber<never>, { ids }: RunContext): Advance {
  const writes = writesOf(plan, START, input);
  if (plan.inputs.size < plan.channels.length) writes.forEach((write) => checkInput(plan, write));
  const led = isCommand(input) && input.goto !== undefined;
  const start = { name: START, exits: led ? NO_EXITS : plan.start, writes, run: new RunScope(subscriber) };
  const { id, parentId, step, states } = before;
  const fresh = new Checkpoint(plan, { id, parentId, step, states, due: [], ran: [], arrived: plan.joins.map(() => []), deferred: [], choice: [] });
  return nextCheckpoint(plan, fresh, [leadOf(plan, fresh, start, ids)], ids);
}

function checkInput({ inputs }: GraphPlan, write: NodeWrite): void {
  const refused = Object.keys((isCommand(write) ? write.update : write) ?? {}).find((key) => !inputs.has(key));
  if (refused === undefined) return;
  throw new RivuletError('INVALID_UPDATE', `a run was given '${refused}', which is no input of the graph. Its inputs are ${[...inputs].join(', ')}`, { path: [START] });
}
