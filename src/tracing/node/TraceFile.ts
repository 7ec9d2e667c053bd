import { appendFile, appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Observable } from 'rxjs';

/** For their owner's eyes: what was said is in them. */
const MODE = 0o600;

/** A file of lines that is only appended to. What was cut off at its end, by a crash or a full disk, stays a line of its own. */
export class TraceFile {
  private isBroken = false;
  private isWriting = false;

  /** @throws the file system's error, if the file can't be written */
  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'a+', MODE);
    try {
      if (!endsWithLine(file)) writeSync(file, '\n');
    } finally {
      closeSync(file);
    }
  }

  append(lines: readonly string[]): Observable<never> {
    return new Observable<never>((subscriber) => {
      if (this.isWriting) return subscriber.error(new Error(`a write to ${this.path} has yet to return`)); // it holds one of the process's few threads
      const text = this.textOf(lines);
      this.isBroken = true; // until all of it is there
      this.isWriting = true;
      appendFile(this.path, text, { mode: MODE }, (error) => {
        this.isWriting = false;
        if (error) return subscriber.error(error);
        this.isBroken = false;
        subscriber.complete();
      });
    });
  }

  /** As the process ends. What is being written may be there twice then; the reader takes the last line of a run. */
  appendNow(lines: readonly string[]): void {
    appendFileSync(this.path, this.textOf(lines), { mode: MODE });
  }

  private textOf(lines: readonly string[]): string {
    return `${this.isBroken ? '\n' : ''}${lines.join('')}`;
  }
}

function endsWithLine(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last.toString() === '\n');
}
