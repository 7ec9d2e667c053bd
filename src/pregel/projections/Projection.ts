import type { RunEvent } from '../../core/events/RunEvent.js';

/** What a stream mode makes of a run's events, one by one; `undefined` for those that it has nothing to say of. */
export type Projection<T> = (event: RunEvent) => Projected<T> | undefined;

export interface Projected<T> {
  readonly value: T;
}
