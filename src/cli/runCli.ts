import { chatCommand } from './chat/chatCommand.js';
import { EXIT, type CliIo, type ExitCode } from './CliIo.js';
import { tourCommand } from './tour/tourCommand.js';
import { UsageError } from './UsageError.js';

type Command = (args: readonly string[], io: CliIo) => Promise<ExitCode>;

const COMMANDS: Readonly<Record<string, Command>> = { chat: chatCommand, tour: tourCommand };

const HELP = `rivulet <command> [options]

  chat   talk to a model: rivulet chat [--model scripted | openai:NAME | anthropic:NAME | URL#NAME]
         [--tools calculator,clock,files] [--system TEXT] [--json]
  tour   a short conversation on the embedded model, with real tools over the files here

Exit codes: 0 done, 1 failed, 2 the command line is wrong, 130 interrupted.
`;

/** Runs one command line. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.stdout.write(HELP);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (!command) throw new UsageError(`there is no command '${name}'. The commands are ${Object.keys(COMMANDS).join(' and ')}`);
    return await command(args, io);
  } catch (error) {
    io.stderr.write(`rivulet: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
