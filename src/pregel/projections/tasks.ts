import type { Asked } from '../../core/events/RunEvent.js';
import type { Projection } from './Projection.js';
import { updateOf } from './updates.js';

/** A task that began. */
export interface TaskStart {
  readonly id: string;
  readonly name: string;
  /** Counts its attempts from 1. */
  readonly attempt: number;
  readonly input: unknown;
}

/** A task whose attempt ended: with what it wrote, what it asks, or its error. */
export interface TaskEnd {
  readonly id: string;
  readonly name: string;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly interrupts: readonly Asked[];
}

/** Each task as it begins, with its input, and as it ends, with its result. */
export function tasks(): Projection<TaskStart | TaskEnd> {
  return (event) => {
    switch (event.type) {
      case 'node_start':
        return { value: { id: event.taskId, name: event.node, attempt: event.attempt, input: event.input } };
      case 'node_end':
        return { value: { id: event.taskId, name: event.node, ...(!event.interrupts && { result: updateOf(event.writes) }), interrupts: event.interrupts ?? [] } };
      case 'node_error':
        return { value: { id: event.taskId, name: event.node, error: event.error, interrupts: [] } };
      default:
        return undefined;
    }
  };
}
