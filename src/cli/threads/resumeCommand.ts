import type { StateSnapshot } from '../../pregel/engine/StateSnapshot.js';
import type { Command } from '../../pregel/graph/command.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import { loadGraph, type AnyGraph } from '../graph/loadGraph.js';
import { optionsOnly, required } from '../parsedArgs.js';
import { printable } from '../../core/text/printable.js';
import { answersOf } from './answersOf.js';
import { askFor } from './askFor.js';
import { countOf } from './countOf.js';
import { goOn, type RunOnThread } from './goOn.js';
import { noThread } from './noThread.js';
import { questionText } from './questionText.js';
import { withStore } from './withStore.js';

const OPTIONS = {
  db: { type: 'string' },
  graph: { type: 'string' },
  thread: { type: 'string' },
  branch: { type: 'string' },
  answer: { type: 'string' },
  answers: { type: 'string' },
  'recursion-limit': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/**
 * `rivulet resume`: goes on with a thread, with answers if it is given any. In a terminal it asks for those that are missing, one
 * at a time, until the thread is done; elsewhere it shows what waits, and ends 3.
 */
export async function resumeCommand(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const { db, branch = 'main', json = false, ...values } = optionsOnly(args, OPTIONS);
  const file = required('graph', values.graph, 'the module of the graph that the thread runs');
  const at = { thread: required('thread', values.thread, 'the thread to go on with'), branch };
  const answers = answersOf(values.answer, values.answers);
  const config = { ...at, ...countOf('recursionLimit', values['recursion-limit']) };
  return withStore(db, io, async (store) => {
    const graph = await loadGraph(file, io.cwd, store);
    await stateOf(graph, at);
    return json ? goOn(graph, answers, config, io, json) : conversation(graph, answers, config, io);
  });
}

async function conversation(graph: AnyGraph, first: Command | null, config: RunOnThread, io: CliIo): Promise<ExitCode> {
  let answers = first;
  for (;;) {
    const end = await goOn(graph, answers, config, io, false);
    const { interrupts, values } = await stateOf(graph, config);
    if (end === EXIT.ok) io.stdout.write(printable(`${JSON.stringify(values, null, 2)}\n`));
    if (end !== EXIT.waiting) return end;
    const [question] = interrupts;
    io.stdout.write(interrupts.map(questionText).join(''));
    if (!question || !io.stdin.isTTY) return end;
    const answer = await askFor(question, io);
    if (typeof answer === 'number') return answer;
    answers = answer;
  }
}

async function stateOf(graph: AnyGraph, { thread, branch }: RunOnThread): Promise<StateSnapshot<unknown>> {
  const state = await graph.getState({ thread, branch });
  if (state) return state;
  throw noThread(thread, branch);
}
