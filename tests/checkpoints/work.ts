import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { CHECKPOINT_FORMAT, type Commit } from '../../src/pregel/checkpoints/Checkpointer.js';

export const AT = { thread: 'thread', namespace: '', branch: 'main' } as const;

/** A commit of a value to the channel `log`, as a delta. */
export function commitOf(id: string, parentId: string | undefined, json = '1', patch: Partial<Commit> = {}): Commit {
  const metadata = { source: 'loop', step: 0, runId: 'r', traceId: 't' } as const;
  const entries = [{ channel: 'log', kind: 'delta', json }, { channel: 'n', kind: 'snapshot', json }] as const;
  return { ...AT, format: CHECKPOINT_FORMAT, id, parentId, step: 0, createdAt: 0, metadata, body: '{}', entries, ...patch };
}

export const all = async <T>(work: Observable<T>): Promise<readonly T[]> => lastValueFrom(work.pipe(toArray()));

/** What it failed with. */
export async function failureOf(work: Observable<unknown>): Promise<unknown> {
  try {
    return { emitted: await all(work) };
  } catch (error) {
    return error;
  }
}
