import { chatCommand } from './chat/chatCommand.js';
import { EXIT, type CliIo, type ExitCode } from './CliIo.js';
import { graphCommand } from './graph/graphCommand.js';
import { forkCommand } from './threads/forkCommand.js';
import { historyCommand } from './threads/historyCommand.js';
import { resumeCommand } from './threads/resumeCommand.js';
import { threadsCommand } from './threads/threadsCommand.js';
import { tourCommand } from './tour/tourCommand.js';
import { traceCommand } from './trace/traceCommand.js';
import { UsageError } from './UsageError.js';

type Command = (args: readonly string[], io: CliIo) => Promise<ExitCode>;

const COMMANDS: Readonly<Record<string, Command>> = {
  chat: chatCommand,
  tour: tourCommand,
  trace: traceCommand,
  graph: graphCommand,
  threads: threadsCommand,
  history: historyCommand,
  resume: resumeCommand,
  fork: forkCommand,
};

const HELP = `rivulet <command> [options]

  chat     talk to a model: rivulet chat [--model scripted | openai:NAME | anthropic:NAME | URL#NAME]
           [--tools calculator,clock,files] [--system TEXT] [--trace[=FILE]] [--json]
  tour     a short conversation on the embedded model, with real tools over the files here
  trace    draw the traces in a file: rivulet trace FILE.ndjson [--json]

  graph    draw a graph, as Mermaid: rivulet graph --graph FILE [--json]
  threads  the threads in a SQLite file: rivulet threads --db FILE [--limit N] [--json]
  history  the checkpoints of a thread: rivulet history --db FILE --thread T [--branch B] [--limit N]
           [--graph FILE] [--json]
  resume   go on with a thread, or answer what it asks: rivulet resume --db FILE --graph FILE --thread T
           [--branch B] [--answer JSON | --answers JSON] [--recursion-limit N] [--json]
  fork     make a branch that begins at a checkpoint: rivulet fork --db FILE --thread T
           --checkpoint ID --branch B [--json]

  --trace draws what each answer took to standard error; with a file, it is kept there for 'rivulet trace'.
  --graph FILE is a module that exports, as default or as 'graph', a StateGraph that isn't compiled, or a function
  that makes the compiled graph of a checkpointer. --answer is for the one open interrupt, --answers for several:
  '{"ID": answer}'.

Exit codes: 0 done, 1 failed, 2 the command line is wrong, 3 the thread waits for an answer, 130 interrupted.
`;

/** Runs one command line. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || asksForHelp(argv)) {
    io.stdout.write(HELP);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (!command) throw new UsageError(`there is no command '${name}'. The commands are ${Object.keys(COMMANDS).join(', ')}`);
    return await command(args, io);
  } catch (error) {
    io.stderr.write(`rivulet: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

/** What stands behind `--` is said to the command, or to a model. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}
