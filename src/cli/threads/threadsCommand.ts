import { toAsyncIterable } from '../../core/bridge/toAsyncIterable.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import { optionsOnly } from '../parsedArgs.js';
import { table } from '../terminal/table.js';
import { countOf } from './countOf.js';
import { withStore } from './withStore.js';

const OPTIONS = { db: { type: 'string' }, limit: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `rivulet threads`: the threads of a file, that which went on last first. */
export async function threadsCommand(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const { db, limit, json } = optionsOnly(args, OPTIONS);
  const wanted = countOf('limit', limit);
  return withStore(db, io, async (store) => {
    const rows = [['THREAD', 'UPDATED']];
    for await (const { thread, updatedAt } of toAsyncIterable(store.threads(wanted))) {
      if (json) io.stdout.write(`${JSON.stringify({ thread, updatedAt })}\n`);
      else rows.push([thread, new Date(updatedAt).toISOString()]);
    }
    if (!json) io.stdout.write(table(rows));
    return EXIT.ok;
  });
}
