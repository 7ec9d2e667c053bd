/** Where a graph begins. */
export const START = '__start__';

/** Where a branch of a graph ends. */
export const END = '__end__';

/** Names `command({ graph })`'s parent graph. */
export const PARENT = '__parent__';

/** Where `stream(input, { mode: 'updates' })` says what a run waits for. */
export const INTERRUPT = '__interrupt__';

/** Whether a name is kept for the library itself. */
export function isReserved(name: string): boolean {
  return name.startsWith('__') && name.endsWith('__');
}
