import { scripted } from '../../operators/models/scripted/scripted.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import { askOnce } from '../chat/askOnce.js';
import { Conversation } from '../chat/Conversation.js';
import { embeddedModel } from '../chat/embeddedModel.js';
import { talk } from '../chat/talk.js';
import { EventPrinter } from '../terminal/EventPrinter.js';
import { toolsOf } from '../tools/toolsOf.js';
import { QUESTIONS, TOUR_RULES } from './tourScript.js';

const WELCOME = 'Rivulet: a guided conversation on the embedded model, with real tools over the files here. No key, no network.\n';

/** `rivulet tour`: a conversation that shows itself, and then, in a terminal, a prompt. */
export async function tourCommand(_args: readonly string[], io: CliIo): Promise<ExitCode> {
  const tools = toolsOf('calculator,clock,files', io.cwd);
  const printer = new EventPrinter(io);
  const show = printer.next.bind(printer);
  const guided = new Conversation({ model: scripted(TOUR_RULES, { paceMs: 30 }), tools, show });
  io.stdout.write(WELCOME);
  for (const question of QUESTIONS) {
    io.stdout.write(`\n? ${question}\n`);
    const code = await askOnce(guided, question, io);
    if (code !== EXIT.ok) return code;
  }
  if (!io.stdin.isTTY) return EXIT.ok;
  io.stdout.write('\nYour turn. Try “2 * (3 + 4)”, “what time is it?” or “search for Observable”; Ctrl-C leaves.\n');
  return talk(new Conversation({ model: embeddedModel(tools.map((tool) => tool.name)), tools, show }), io);
}
