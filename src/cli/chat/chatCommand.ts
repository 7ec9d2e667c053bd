import type { CliIo, ExitCode } from '../CliIo.js';
import { parsedArgs, withOptional } from '../parsedArgs.js';
import { EventPrinter } from '../terminal/EventPrinter.js';
import { toolsOf } from '../tools/toolsOf.js';
import { UsageError } from '../UsageError.js';
import { chatTrace } from './ChatTrace.js';
import { askOnce } from './askOnce.js';
import { Conversation } from './Conversation.js';
import { eventLine } from './eventLine.js';
import { modelOf } from './modelOf.js';
import { talk } from './talk.js';

const OPTIONS = { model: { type: 'string' }, tools: { type: 'string' }, system: { type: 'string' }, trace: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `rivulet chat [QUESTION]`: talks in a terminal; answers one question if it is given, or piped in. */
export async function chatCommand(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const { values, positionals } = parsedArgs(withOptional('trace', args), OPTIONS);
  const tools = toolsOf(values.tools, io.cwd);
  const model = await modelOf(values.model ?? 'scripted', io.env, tools.map((tool) => tool.name));
  const printer = new EventPrinter(io);
  const conversation = new Conversation({
    model,
    tools,
    system: values.system,
    trace: chatTrace(values.trace, io),
    show: values.json ? (event) => void io.stdout.write(eventLine(event)) : (event) => printer.next(event),
  });
  const question = positionals.join(' ') || (io.stdin.isTTY ? '' : (await readAll(io)).trim());
  if (question !== '') return askOnce(conversation, question, io);
  if (!io.stdin.isTTY) throw new UsageError('nothing was asked. Pipe a question in, or give it as an argument');
  return talk(conversation, io);
}

async function readAll({ stdin }: CliIo): Promise<string> {
  const pieces: string[] = [];
  stdin.setEncoding('utf8');
  for await (const piece of stdin) pieces.push(piece as string);
  return pieces.join('');
}
