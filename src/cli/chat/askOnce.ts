import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import type { Conversation } from './Conversation.js';

/** Asks one question; Ctrl-C cancels the answer and leaves. */
export async function askOnce(conversation: Conversation, question: string, io: CliIo): Promise<ExitCode> {
  const stop = io.onInterrupt(() => conversation.cancel());
  try {
    const { status, error } = await conversation.ask(question);
    if (status === 'failed') io.stderr.write(`rivulet: ${error instanceof Error ? error.message : String(error)}\n`);
    return status === 'answered' ? EXIT.ok : status === 'cancelled' ? EXIT.interrupted : EXIT.failed;
  } finally {
    stop();
  }
}
