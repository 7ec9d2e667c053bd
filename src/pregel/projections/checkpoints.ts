import type { RunEvent } from '../../core/events/RunEvent.js';
import { PatchedStates } from './PatchedStates.js';
import type { Projection } from './Projection.js';

/** A checkpoint that the store has acknowledged: what `getState` says of it. */
export interface StoredState<S> {
  readonly values: S;
  /** The nodes that are due. */
  readonly next: readonly string[];
  readonly checkpointId: string;
  readonly parentId: string | undefined;
  readonly step: number;
  readonly source: string;
}

/** Each checkpoint, once it is both stored and shown: which of the two comes first depends on `durability`. */
export function checkpoints(): Projection<StoredState<object>> {
  const states = new PatchedStates();
  const stored = new Map<string, RunEvent<'checkpoint'>>();
  return (event) => {
    if (event.type === 'span_end') states.forget(event);
    if (event.type === 'checkpoint') {
      const values = states.at(event);
      if (values) return { value: storedState(event, values) };
      stored.set(event.checkpointId, event);
    } else if (event.type === 'state_update') {
      const values = states.update(event);
      const waiting = stored.get(event.checkpointId);
      if (waiting && stored.delete(event.checkpointId)) return { value: storedState(waiting, values) };
    }
    return undefined;
  };
}

function storedState({ next, checkpointId, parentId, step, source }: RunEvent<'checkpoint'>, values: object): StoredState<object> {
  return { values, next, checkpointId, parentId, step, source };
}
