import { toAsyncIterable } from '../../core/bridge/toAsyncIterable.js';
import type { CheckpointHead } from '../../pregel/checkpoints/Checkpointer.js';
import type { StateSnapshot } from '../../pregel/engine/StateSnapshot.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import { loadGraph } from '../graph/loadGraph.js';
import { optionsOnly, required } from '../parsedArgs.js';
import { table } from '../terminal/table.js';
import { countOf } from './countOf.js';
import { noThread } from './noThread.js';
import { withStore } from './withStore.js';

const OPTIONS = {
  db: { type: 'string' },
  thread: { type: 'string' },
  branch: { type: 'string' },
  limit: { type: 'string' },
  graph: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const HEADINGS = ['CHECKPOINT', 'STEP', 'WHEN', 'SOURCE', 'BRANCH'];

/** `rivulet history`: the checkpoints of a thread, newest first; with its graph, what is in them as well. */
export async function historyCommand(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const { db, branch = 'main', limit, graph: file, json, ...values } = optionsOnly(args, OPTIONS);
  const thread = required('thread', values.thread, 'the thread whose history is wanted');
  const wanted = countOf('limit', limit);
  return withStore(db, io, async (store) => {
    const graph = file === undefined ? undefined : await loadGraph(file, io.cwd, store);
    const rows: string[][] = [];
    for await (const head of toAsyncIterable(store.history({ thread, namespace: '', branch }, wanted))) {
      const state = await graph?.getState({ thread, branch, checkpointId: head.id });
      if (json) io.stdout.write(`${JSON.stringify({ ...outlined(head), ...(state && contents(state)) })}\n`);
      rows.push([...shown(head), ...(state ? [next(state)] : [])]);
    }
    if (rows.length === 0) throw noThread(thread, branch);
    if (!json) io.stdout.write(table([[...HEADINGS, ...(graph ? ['NEXT'] : [])], ...rows]));
    return EXIT.ok;
  });
}

const outlined = ({ id, parentId, branch, step, createdAt, metadata: { source, runId } }: CheckpointHead): object => ({ checkpointId: id, parentId, branch, step, createdAt, source, runId });

const contents = ({ next: due, values, interrupts, past }: StateSnapshot<unknown>): object => ({ next: due, values, interrupts, past });

const shown = ({ id, step, createdAt, metadata: { source }, branch }: CheckpointHead): string[] => [id, String(step), new Date(createdAt).toISOString(), source, branch];

function next({ next: due, interrupts }: StateSnapshot<unknown>): string {
  const names = [...new Set(due)].map((name) => [name, due.filter((one) => one === name).length] as const);
  const tasks = names.map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ');
  return due.length === 0 ? '(end)' : `${tasks}${interrupts.length > 0 ? ' (waits for an answer)' : ''}`;
}
