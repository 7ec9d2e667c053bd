import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What a process of a crash test did, in the order it did it. */
export type SideLine =
  | { readonly at: 'process' }
  /** It read its thread. @property head the checkpoint it goes on from @property kept the tasks of it whose writes are stored */
  | { readonly at: 'load'; readonly head: string | undefined; readonly kept: readonly string[] }
  | { readonly at: 'start' | 'end'; readonly task: string }
  /** It is about to kill itself. */
  | { readonly at: 'dying'; readonly inCommit: boolean };

/** A file beside the store. Each line is the operating system's when `write` returns: a killed process takes nothing of it along. */
export class SideLog {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'a');
  }

  write(line: SideLine): void {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** The lines of each process, in turn. */
export function readSideLog(path: string): readonly (readonly SideLine[])[] {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter((line) => line !== '') : [];
  const processes: SideLine[][] = [];
  for (const line of lines.map((text) => JSON.parse(text) as SideLine)) {
    if (line.at === 'process') processes.push([]);
    else processes.at(-1)?.push(line);
  }
  return processes;
}
