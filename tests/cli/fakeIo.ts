import { PassThrough } from 'node:stream';
import type { CliIo } from '../../src/cli/CliIo.js';

export interface FakeIo extends CliIo {
  readonly stdin: PassThrough & { isTTY?: boolean };
  /** What was written so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Presses Ctrl-C. */
  readonly interrupt: () => void;
  /** Resolves once the output matches. */
  readonly said: (wanted: RegExp) => Promise<void>;
}

/** A terminal, or pipes, in memory. */
export function fakeIo({ tty = false, cwd = process.cwd(), env = {} }: { tty?: boolean; cwd?: string; env?: Record<string, string> } = {}): FakeIo {
  const stdin = Object.assign(new PassThrough(), tty && { isTTY: true });
  const stdout = Object.assign(new PassThrough(), tty && { isTTY: true, columns: 80 });
  const stderr = new PassThrough();
  const text = { out: '', err: '' };
  const waiting = new Set<() => void>();
  const listeners = new Set<() => void>();
  stdout.setEncoding('utf8').on('data', (piece: string) => {
    text.out += piece;
    for (const check of waiting) check();
  });
  stderr.setEncoding('utf8').on('data', (piece: string) => (text.err += piece));
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    out: () => text.out,
    err: () => text.err,
    interrupt: () => {
      for (const listener of [...listeners]) listener();
    },
    said: (wanted) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!wanted.test(text.out)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}
