import type { Asked } from '../../core/events/RunEvent.js';
import { isCommand } from '../graph/command.js';
import { INTERRUPT } from '../graph/names.js';
import type { Projection } from './Projection.js';

/** What a task wrote: its update, or `null` for none, or a list of several. */
export type TaskUpdate<U> = U | null | readonly U[];

/** What one task wrote, under its node's name; or what a run waits for. */
export type UpdatesOf<U> = { readonly [INTERRUPT]?: readonly Asked[] } & { readonly [node: string]: TaskUpdate<U> | readonly Asked[] };

/** What each task wrote, as they finish, and what is asked. */
export function updates(): Projection<UpdatesOf<unknown>> {
  return (event) => {
    if (event.type === 'interrupt') return { value: { [INTERRUPT]: [{ id: event.interruptId, payload: event.payload, ...(event.schema !== undefined && { schema: event.schema }) }] } };
    if (event.type !== 'node_end' || event.interrupts) return undefined;
    return { value: { [event.node]: updateOf(event.writes) } };
  };
}

/** The update among a task's writes, without the commands around it; what is meant for the graph above isn't this one's. */
export function updateOf(writes: readonly unknown[]): unknown {
  const own = writes.flatMap((write) => (isCommand(write) ? (write.update === undefined || write.graph ? [] : [write.update]) : [write]));
  return own.length > 1 ? own : (own[0] ?? null);
}
