import { createInterface } from 'node:readline';
import type { OpenInterrupt } from '../../pregel/engine/TaskWork.js';
import { resume, type Command } from '../../pregel/graph/command.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';

/** Asks in the terminal: what to go on with, or, where nobody answers, what to end with. */
export async function askFor(question: OpenInterrupt, io: CliIo): Promise<Command | null | ExitCode> {
  if (question.pause) {
    const line = await lineOf('Enter goes on ', io);
    return typeof line === 'string' ? null : line;
  }
  let line: string | ExitCode = '';
  while (line === '') line = await lineOf('? ', io);
  return typeof line === 'string' ? resume({ [question.id]: jsonOrText(line) }) : line;
}

function lineOf(prompt: string, io: CliIo): Promise<string | ExitCode> {
  const lines = createInterface({ input: io.stdin, output: io.stdout });
  let end: string | ExitCode = EXIT.waiting;
  const close = (said: string | ExitCode): void => {
    end = said;
    lines.close();
  };
  const interrupted = (): void => close(EXIT.interrupted);
  const stop = io.onInterrupt(interrupted);
  return new Promise((resolve) => {
    lines.on('SIGINT', interrupted); // in a terminal readline takes Ctrl-C
    lines.on('close', () => {
      stop();
      resolve(end);
    });
    lines.question(prompt, (line) => close(line.trim()));
  });
}

function jsonOrText(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return line;
  }
}
