import type { RunEvent } from '../../core/events/RunEvent.js';
import { applyPatch } from '../../core/json/applyPatch.js';

/** The states of the graphs that run, as their patches make them. */
export class PatchedStates {
  private readonly states = new Map<string, { readonly checkpointId: string; readonly state: object }>();

  update(event: RunEvent<'state_update'>): object {
    const key = keyOf(event);
    const state = applyPatch(this.states.get(key)?.state ?? {}, event.patch);
    this.states.set(key, { checkpointId: event.checkpointId, state });
    return state;
  }

  /** The state of an event's graph, if it stands at that checkpoint. */
  at(event: RunEvent<'checkpoint'>): object | undefined {
    const now = this.states.get(keyOf(event));
    return now?.checkpointId === event.checkpointId ? now.state : undefined;
  }

  /** A graph's run is over. */
  forget(event: RunEvent): void {
    this.states.delete(keyOf(event));
  }
}

/** Tasks of one step may run the same graph: each such run has an id of its own. */
const keyOf = ({ runId, path }: RunEvent): string => [runId, ...path].join('/');
