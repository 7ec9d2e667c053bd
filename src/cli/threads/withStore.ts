import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Checkpointer } from '../../pregel/checkpoints/Checkpointer.js';
import type { CliIo } from '../CliIo.js';
import { required } from '../parsedArgs.js';
import { UsageError } from '../UsageError.js';

/**
 * Works on the SQLite file that `--db` names, and closes it.
 *
 * @throws UsageError if there is none: looking at threads makes no file
 */
export async function withStore<T>(db: string | undefined, { cwd }: CliIo, work: (store: Checkpointer) => Promise<T>): Promise<T> {
  const path = resolve(cwd, required('db', db, 'the SQLite file that the threads are in'));
  await access(path).catch(() => {
    throw new UsageError(`there is no file ${path}`);
  });
  const { sqliteCheckpointer } = await import('../../pregel/checkpoints/sqlite/sqliteCheckpointer.js');
  const store = sqliteCheckpointer(path);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
