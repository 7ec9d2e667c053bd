import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defer, type Observable } from 'rxjs';
import { platform } from '../../core/bridge/platform.js';
import type { LangsmithRequest } from '../exporters/langsmith/LangsmithRequest.js';

/** For their owner's eyes: what was said is in them. */
const MODE = 0o600;

/** Keeps requests that could not be sent as files, in the form of LangSmith's clients, for their tools to send them later. */
export class FailedRequests {
  private isFirst = true;

  constructor(
    private readonly directory: string,
    private readonly maxBytes: number,
  ) {}

  /** Fails where there is no more room, or what the file system says. */
  keep(request: LangsmithRequest): Observable<void> {
    return defer(async () => {
      await mkdir(this.directory, { recursive: true });
      if ((await this.bytes()) >= this.maxBytes) throw new Error(`${this.directory} is full: LANGSMITH_FAILED_TRACES_MAX_MB says how much it may hold`);
      await this.write(envelopeOf(request));
      if (this.isFirst) platform.warn(`langsmith: runs that can't be sent are kept in ${this.directory}`);
      this.isFirst = false;
    });
  }

  private async bytes(): Promise<number> {
    const names = (await readdir(this.directory)).filter((name) => name.startsWith('trace_') && name.endsWith('.json'));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(this.directory, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** As a whole or not at all. */
  private async write(text: string): Promise<void> {
    const id = randomUUID();
    const file = join(this.directory, `trace_${Date.now()}_${id.slice(0, 8)}.json`);
    const part = `${file}.${id}.tmp`;
    try {
      await writeFile(part, text, { mode: MODE, flag: 'wx', flush: true });
      await rename(part, file);
    } finally {
      await rm(part, { force: true });
    }
  }
}

const envelopeOf = ({ path, headers, body }: LangsmithRequest): string =>
  JSON.stringify({ version: 1, endpoint: path.slice(1), headers, body_base64: Buffer.from(body).toString('base64') });
