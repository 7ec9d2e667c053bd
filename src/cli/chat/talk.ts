import { createInterface } from 'node:readline';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import type { Conversation } from './Conversation.js';

/** Talks in a terminal until the input ends: the first Ctrl-C cancels the answer, the next one leaves. */
export async function talk(conversation: Conversation, io: CliIo): Promise<ExitCode> {
  const lines = createInterface({ input: io.stdin, output: io.stdout, prompt: '? ' });
  let code: ExitCode = EXIT.ok;
  const interrupted = (): void => {
    if (conversation.cancel()) return;
    code = EXIT.interrupted;
    lines.close();
  };
  lines.on('SIGINT', interrupted); // in a terminal readline takes Ctrl-C
  const stop = io.onInterrupt(interrupted);
  try {
    lines.prompt();
    for await (const line of lines) {
      const question = line.trim();
      if (question === '/quit' || question === 'exit') break;
      if (question !== '') {
        const { status, error } = await conversation.ask(question);
        if (status === 'failed') io.stderr.write(`rivulet: ${error instanceof Error ? error.message : String(error)}\n`);
      }
      lines.prompt();
    }
  } finally {
    stop();
    lines.close();
  }
  return code;
}
