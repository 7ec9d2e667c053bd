import { keysOf } from '../../core/events/jsonPointer.js';
import type { PatchOperation } from '../../core/events/RunEvent.js';

/** A state after the patch of a `state_update`, which puts, replaces and removes channels, and adds and replaces items of lists. */
export function patched(state: object, patch: readonly PatchOperation[]): object {
  if (patch.length === 0) return state;
  let next: Record<string, unknown> = { ...state };
  const lists = new Map<string, unknown[]>();
  const listOf = (name: string): unknown[] => {
    const list = lists.get(name) ?? [...(next[name] as readonly unknown[])];
    lists.set(name, list);
    next[name] = list;
    return list;
  };
  for (const { op, path, value } of patch) {
    const [name, item] = keysOf(path);
    if (name === undefined) next = { ...(value as object) };
    else if (op === 'remove') delete next[name];
    else if (item === undefined) next[name] = value;
    else if (item === '-') listOf(name).push(value);
    else listOf(name)[Number(item)] = value;
  }
  return next;
}
