import type { GraphPlan } from '../graph/GraphPlan.js';
import type { Checkpoint } from './Checkpoint.js';
import { applyAll, gathered } from './gathered.js';
import type { Advance } from './nextCheckpoint.js';
import { checkUpdate } from './writesOf.js';

/** A checkpoint whose channels were written from outside: what is due stays due, and is the same. */
export function updated(plan: GraphPlan, before: Checkpoint, values: unknown, ids: () => string): Advance {
  checkUpdate(plan, 'updateState', values);
  const writes = gathered(plan, [values as Readonly<Record<string, unknown>>], ids);
  const states = applyAll({ ...plan, consuming: [], clearing: [] }, before.states, writes); // what is due still reads what lasts one superstep
  return { checkpoint: before.with({ id: ids(), parentId: before.id || undefined, step: before.step + 1, states }), writes };
}
