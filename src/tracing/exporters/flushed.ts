import type { ExportQueue } from './ExportQueue.js';

/** A queue's `flush` as a promise. It waits for nothing but the queue, and never rejects. */
export function flushed(queue: Pick<ExportQueue<never>, 'flush'>): Promise<void> {
  return new Promise((resolve) => queue.flush().subscribe({ complete: resolve }));
}
