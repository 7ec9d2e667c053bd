import { pointerPart } from '../../core/json/jsonPointer.js';
import type { PatchOperation } from '../../core/events/RunEvent.js';
import type { GraphPlan, PlanChannel } from '../graph/GraphPlan.js';
import { touchedBy, type ChannelWrites } from './Checkpoint.js';

/**
 * What a superstep changed of what a run returns, as a JSON Patch (RFC 6902): items that were added to a list or replaced in it one
 * by one, other channels as a whole. It costs what was written, and for a list that changed a look at its items.
 */
export function statePatch(plan: GraphPlan, before: readonly unknown[], after: readonly unknown[], writes: ChannelWrites): readonly PatchOperation[] {
  const patch: PatchOperation[] = [];
  for (const at of touchedBy(plan, writes)) {
    const { name, channel } = plan.channels[at] as PlanChannel;
    if (before[at] === after[at] || !plan.outputs.has(name)) continue;
    const [old, value] = channel.read ? [channel.read(before[at]), channel.read(after[at])] : [before[at], after[at]];
    if (!Object.is(old, value)) change(patch, `/${pointerPart(name)}`, old, value);
  }
  return patch;
}

function change(patch: PatchOperation[], path: string, old: unknown, value: unknown): void {
  if (value === undefined) patch.push({ op: 'remove', path });
  else if (old === undefined) patch.push({ op: 'add', path, value });
  else if (Array.isArray(old) && Array.isArray(value)) changeList(patch, path, old, value);
  else patch.push({ op: 'replace', path, value });
}

/** By item, unless that says more than the whole list would. */
function changeList(patch: PatchOperation[], path: string, old: readonly unknown[], list: readonly unknown[]): void {
  const others: number[] = [];
  for (let i = 0; i < old.length && others.length * 2 <= old.length; i++) if (!Object.is(old[i], list[i])) others.push(i);
  if (list.length < old.length || others.length * 2 > old.length) return void patch.push({ op: 'replace', path, value: list });
  for (const i of others) patch.push({ op: 'replace', path: `${path}/${i}`, value: list[i] });
  for (let i = old.length; i < list.length; i++) patch.push({ op: 'add', path: `${path}/-`, value: list[i] });
}
