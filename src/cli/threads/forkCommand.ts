import { toAsyncIterable } from '../../core/bridge/toAsyncIterable.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import { optionsOnly, required } from '../parsedArgs.js';
import { printable } from '../../core/text/printable.js';
import { withStore } from './withStore.js';

const OPTIONS = { db: { type: 'string' }, thread: { type: 'string' }, checkpoint: { type: 'string' }, branch: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `rivulet fork`: makes a branch that begins at a checkpoint; `resume` goes on there. */
export async function forkCommand(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const values = optionsOnly(args, OPTIONS);
  const thread = required('thread', values.thread, 'the thread of the checkpoint');
  const checkpointId = required('checkpoint', values.checkpoint, "where the branch begins; 'rivulet history' shows the checkpoints");
  const branch = required('branch', values.branch, 'the name of the new branch');
  return withStore(values.db, io, async (store) => {
    for await (const _ of toAsyncIterable(store.fork({ thread, namespace: '', branch: 'main' }, checkpointId, branch)));
    io.stdout.write(values.json ? `${JSON.stringify({ thread, branch, checkpointId })}\n` : printable(`Branch ${branch} of thread ${thread} begins at ${checkpointId}.\n`));
    return EXIT.ok;
  });
}
