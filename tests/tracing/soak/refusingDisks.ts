import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileTracer, readTrace, type TracedRun } from 'rivulet/tracing';
import { Reports, type Arrival, type Outcome } from './Arrivals.js';
import { Heap } from './Heap.js';
import { RUNS, work, workOf } from './work.js';

const OUTAGE_MS = 1_000;

/** A disk that works, then doesn't, then does. What it holds in the end is a trace. */
interface Disk {
  readonly file: string;
  fail(): void;
  mend(): void;
  text(): string;
  leave(): void;
}

/** Whose directory is gone for a while, as that of a file system that isn't mounted. */
export function removed(): Disk {
  const root = mkdtempSync(join(tmpdir(), 'soak-'));
  const [folder, away] = [join(root, 'traces'), join(root, 'away')];
  mkdirSync(folder);
  return {
    file: join(folder, 'runs.ndjson'),
    fail: () => renameSync(folder, away),
    mend: () => renameSync(away, folder),
    text: () => readFileSync(join(folder, 'runs.ndjson'), 'utf8'),
    leave: () => rmSync(root, { recursive: true }),
  };
}

/** Where something else than a file is for a while: whoever is root may write all files. */
export function refusing(): Disk {
  const root = mkdtempSync(join(tmpdir(), 'soak-'));
  const [file, away] = [join(root, 'runs.ndjson'), join(root, 'away')];
  return {
    file,
    fail: () => (renameSync(file, away), mkdirSync(file)),
    mend: () => (rmSync(file, { recursive: true }), renameSync(away, file)),
    text: () => readFileSync(file, 'utf8'),
    leave: () => rmSync(root, { recursive: true }),
  };
}

/** Whose writes don't return: a pipe that nobody reads. */
export function stuck(): Disk {
  const root = mkdtempSync(join(tmpdir(), 'soak-'));
  const [file, out] = [join(root, 'runs.fifo'), join(root, 'read')];
  execFileSync('mkfifo', [file]);
  const reader = spawn('sh', ['-c', 'exec 3<>"$1"; exec cat <&3 >"$2"', 'sh', file, out], { stdio: 'ignore' });
  return {
    file,
    fail: () => void reader.kill('SIGSTOP'),
    mend: () => void reader.kill('SIGCONT'),
    text: () => readFileSync(out, 'utf8'),
    leave: () => {
      reader.kill('SIGKILL');
      rmSync(root, { recursive: true });
    },
  };
}

const arrivalOf = ({ endTime, status }: TracedRun): Arrival => ({ ended: endTime !== undefined, failed: status === 'error' });

/** A quarter of the runs before the outage, half of them in it, a quarter after it. Says also how long a look at another file took meanwhile. */
export async function outageOf(disk: Disk): Promise<Outcome & { readonly otherFileMs: number }> {
  const reports = new Reports();
  const tracer = fileTracer(disk.file, { retry: { initialMs: 20, maxMs: 100 }, timeoutMs: 100, giveUpMs: 60_000, reportMs: 100 });
  const heap = new Heap();
  const run = async (from: number, to: number): Promise<void> => {
    for (let n = from; n <= to; n++) {
      work.run(workOf(n), { tracer }).subscribe({ error: () => undefined });
      if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (n % 250 === 0) heap.look();
    }
  };
  try {
    await run(1, RUNS / 4);
    await tracer.flush();
    disk.fail();
    await run(RUNS / 4 + 1, (3 * RUNS) / 4);
    await sleep(OUTAGE_MS);
    heap.look();
    const start = performance.now();
    await stat(tmpdir());
    const otherFileMs = performance.now() - start;
    disk.mend();
    await tracer.flush();
    await run((3 * RUNS) / 4 + 1, RUNS);
    await tracer.flush();
    await settled(() => reports.dropped === tracer.dropped);
    const { runs } = await settledTrace(disk, RUNS - tracer.dropped);
    return { tracer, reports, heap, otherFileMs, arrived: new Map(runs.map((each) => [each.id, arrivalOf(each)])) };
  } finally {
    reports.end();
    disk.leave();
  }
}

/** What another process copies may take a moment more. */
async function settledTrace(disk: Disk, count: number): Promise<ReturnType<typeof readTrace>> {
  await settled(() => readTrace(disk.text()).runs.filter(({ endTime }) => endTime !== undefined).length >= count);
  return readTrace(disk.text());
}

async function settled(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 50 && !condition(); tries++) await sleep(100);
}

