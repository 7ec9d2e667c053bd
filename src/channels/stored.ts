import { isRivuletError, RivuletError } from '../core/errors/RivuletError.js';
import { applyWrites } from './applyWrites.js';
import type { Channel } from './Channel.js';
import { decodeWrite, encodeWrite } from './encodeWrite.js';
import { isOverwrite, type Overwrite } from './overwrite.js';
import { requireJson } from './requireJson.js';

/** What a store keeps of one change of a channel. */
export interface StoredEntry {
  /** The whole state, or the writes of one superstep. */
  readonly kind: 'snapshot' | 'delta';
  /** A JSON list: the state, or nothing for a channel that holds nothing; or the writes. */
  readonly json: string;
}

/** How much of a channel is stored: its last snapshot, and the deltas since. Lengths are in characters of JSON. */
export interface StoredLength {
  readonly snapshot: number;
  readonly deltas: number;
  readonly deltaCount: number;
}

/** A channel's change in one superstep. */
export interface Change<V, U> {
  readonly state: V | undefined;
  readonly writes: readonly (U | Overwrite<V>)[];
}

/** Fewer deltas are no reason for a snapshot. */
const MIN_DELTAS = 50;
/**
 * How many times the deltas outweigh the last snapshot before there is a new one. A list that only grows is then stored at most
 * 1 + 5/4 = 2.25 times, at any length, and what is read to restore a state is at most 5 times as much as it.
 */
const OUTWEIGHED = 4;

/**
 * What to store of a change: the writes of a delta channel, or a snapshot when there is none yet, or when the deltas since the
 * last one outweigh it; for other channels always a snapshot. `undefined` for an untracked one.
 *
 * @param since what is stored already; `undefined`: nothing
 * @throws InvalidUpdateError `INVALID_UPDATE` for what isn't JSON, naming channel and path
 */
export function storedEntry<V, U>(channel: Channel<V, U>, name: string, { state, writes }: Change<V, U>, since: StoredLength | undefined): StoredEntry | undefined {
  if (channel.untracked) return undefined;
  const isDelta = channel.delta && since && writes.length > 0 && !isSnapshotDue(since);
  if (isDelta) return { kind: 'delta', json: JSON.stringify(writes.map((write) => encodeWrite(write, name))) };
  return { kind: 'snapshot', json: JSON.stringify(state === undefined ? [] : [requireJson(state, name)]) };
}

function isSnapshotDue({ snapshot, deltas, deltaCount }: StoredLength): boolean {
  return deltaCount >= MIN_DELTAS && deltas >= OUTWEIGHED * snapshot;
}

/** How much is stored once this entry is. */
export function lengthWith(since: StoredLength | undefined, { kind, json }: StoredEntry): StoredLength {
  if (kind === 'snapshot' || !since) return { snapshot: json.length, deltas: 0, deltaCount: 0 };
  return { snapshot: since.snapshot, deltas: since.deltas + json.length, deltaCount: since.deltaCount + 1 };
}

/**
 * The state that was stored. It costs what there is to read: all deltas are written at once.
 *
 * @param entries oldest first, from the last snapshot on or from before it; none: the channel's initial state
 * @throws RivuletError `STORED_INVALID` for entries that aren't what `storedEntry` makes
 */
export function restoredState<V, U>(channel: Channel<V, U>, name: string, entries: readonly StoredEntry[]): V | undefined {
  if (entries.length === 0) return channel.initial();
  const at = entries.findLastIndex(({ kind }) => kind === 'snapshot');
  const snapshot = entries[at];
  if (!snapshot) throw invalid(name, 'has no snapshot that its deltas belong to');
  let state = listIn(snapshot, name)[0] as V | undefined;
  let writes: U[] = [];
  for (const delta of entries.slice(at + 1)) {
    const step = listIn(delta, name).map(decodeWrite);
    const overwritten = step.find(isOverwrite<V>);
    if (overwritten) [state, writes] = [overwritten.value, []];
    else for (const write of step) writes.push(write as U);
  }
  return writes.length > 0 ? rewritten(channel, state, writes, name) : state;
}

function rewritten<V, U>(channel: Channel<V, U>, state: V | undefined, writes: readonly U[], name: string): V | undefined {
  try {
    return applyWrites(channel, state, writes, name);
  } catch (cause) {
    throw invalid(name, 'has deltas that it does not take', cause);
  }
}

function listIn({ kind, json }: StoredEntry, name: string): readonly unknown[] {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch (cause) {
    throw invalid(name, `has a ${kind} that isn't JSON`, cause);
  }
  if (Array.isArray(list) && (kind === 'delta' || list.length <= 1)) return list;
  throw invalid(name, `has a ${kind} that isn't one`);
}

function invalid(name: string, what: string, cause?: unknown): RivuletError {
  const why = isRivuletError(cause) ? ` (${cause.code})` : '';
  return new RivuletError('STORED_INVALID', `channel '${name}' ${what}${why}. The store is damaged, or something else wrote to it: restore it from a backup`, { cause });
}
