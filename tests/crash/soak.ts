import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { seededRandom } from '../../src/testing/seededRandom.js';
import { bundledChild } from './bundledChild.js';
import { checkRun, type Expected, type RunFindings } from './checkRun.js';
import type { CrashOrder, CrashResult } from './crashChild.js';
import { CRASH_INPUT, crashGraph, SUPERSTEPS } from './crashGraph.js';
import { readSideLog, type SideLine } from './SideLog.js';
import type { CrashStore } from './crashStores.js';

export interface SoakOptions {
  readonly runs: number;
  /** Of the first run; each next one has the next. A run of one seed dies at the same points, as far as a clock can tell. */
  readonly seed: number;
  /** How many runs go on at once. Default: 2. */
  readonly concurrency?: number;
}

export interface SoakReport {
  readonly runs: number;
  readonly kills: number;
  /** Of the kills, those before anything was committed. */
  readonly early: number;
  /** Of the kills, those known to be within a commit's transaction or statement. */
  readonly inCommit: number;
  /** The supersteps that a kill came in. */
  readonly supersteps: number;
  readonly reruns: number;
  readonly kept: number;
  readonly seconds: number;
  /** What isn't as it must be; each names its seed. */
  readonly problems: readonly string[];
}

/** A run is killed at most so often. */
const KILLS = 3;

/** Kills a run again and again until it has come to its end, once for each seed, and looks at what is left. */
export async function soak(store: CrashStore, { runs, seed, concurrency = 2 }: SoakOptions): Promise<SoakReport> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-crash-'));
  const child = await bundledChild();
  try {
    const soaking = new Soak(store, folder, child.path);
    await soaking.undisturbed();
    const seeds = Array.from({ length: runs }, (_, i) => seed + i);
    await Promise.all(Array.from({ length: concurrency }, async () => {
      for (let next = seeds.shift(); next !== undefined; next = seeds.shift()) await soaking.run(next);
    }));
    return { ...soaking.report(), runs, seconds: (performance.now() - began) / 1000 };
  } finally {
    child.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Soak {
  private readonly problems: string[] = [];
  private readonly supersteps = new Set<number>();
  private kills = 0;
  private early = 0;
  private inCommit = 0;
  private reruns = 0;
  private kept = 0;
  private whole: CrashResult | undefined;
  private expected: Expected | undefined;

  constructor(
    private readonly store: CrashStore,
    private readonly folder: string,
    private readonly child: string,
  ) {}

  report(): Omit<SoakReport, 'runs' | 'seconds'> {
    const { kills, early, inCommit, reruns, kept, problems, supersteps } = this;
    return { kills, early, inCommit, reruns, kept, problems, supersteps: supersteps.size };
  }

  /** What a run comes to when nobody kills it, and how long it takes. */
  async undisturbed(): Promise<void> {
    const state = await crashGraph({}).invoke(CRASH_INPUT, { recursionLimit: SUPERSTEPS });
    const order = this.orderOf('undisturbed');
    this.whole = await this.process(order, undefined);
    const [lines = []] = readSideLog(order.sideLog);
    const tasks = lines.filter(({ at }) => at === 'start').length;
    this.expected = { state, supersteps: SUPERSTEPS, tasks, keptAtOnce: this.store.synchronous };
    this.problems.push(...(await this.findings(order)).problems.map((problem) => `undisturbed: ${problem}`));
  }

  async run(seed: number): Promise<void> {
    const random = seededRandom(seed);
    const order = this.orderOf(`seed ${seed}`);
    try {
      for (let kills = 0; !(await this.process(order, kills < KILLS ? random : undefined)); kills++) this.kills++;
      const { problems, reruns, kept } = await this.findings(order);
      this.reruns += reruns;
      this.kept += kept;
      this.problems.push(...problems.map((problem) => `seed ${seed}: ${problem}`));
    } catch (error) {
      this.problems.push(`seed ${seed}: ${(error as Error).message}`);
    }
  }

  private orderOf(name: string): CrashOrder {
    return { store: this.store.orderOf(join(this.folder, `${name}.db`)), thread: name, sideLog: join(this.folder, `${name}.log`) };
  }

  /** What a process said at its end; nothing if it was killed, half of the time by the clock, half at a statement. */
  private process(order: CrashOrder, random: (() => number) | undefined): Promise<CrashResult | undefined> {
    const { milliseconds = 0, statements = 0 } = this.whole ?? {};
    const [kind = 1, point = 0] = random ? [random(), random()] : [];
    const byClock = random !== undefined && kind < 0.5;
    const death = { statement: 1 + Math.floor(point * statements), moment: kind < 0.75 ? 'before' : 'after' } as const;
    const told = random === undefined || byClock ? order : { ...order, death };
    return new Promise((resolve, reject) => {
      const running = spawn(process.execPath, [this.child, JSON.stringify(told)], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      let failure = '';
      let timer: NodeJS.Timeout | undefined;
      running.stderr.on('data', (data) => (failure += String(data)));
      running.stdout.on('data', (data) => {
        said += String(data);
        if (byClock) timer ??= setTimeout(() => running.kill('SIGKILL'), point * milliseconds);
      });
      running.on('error', reject);
      running.on('close', (code, signal) => {
        clearTimeout(timer);
        if (signal === 'SIGKILL') resolve(undefined);
        else if (code === 0) resolve(JSON.parse(said.slice(said.indexOf('{'))) as CrashResult);
        else reject(new Error(`a process ended with ${code ?? signal}: ${failure}`));
      });
    });
  }

  private async findings({ sideLog, store, thread }: CrashOrder): Promise<RunFindings> {
    const processes = readSideLog(sideLog);
    const { checkpointer, close } = this.store.open(store);
    try {
      const graph = crashGraph({ checkpointer });
      const history = await lastValueFrom(graph.getStateHistory({ thread }).pipe(toArray()));
      this.count(processes, new Map(history.map(({ checkpointId, step }) => [checkpointId, step])));
      return checkRun({ processes, history, state: history[0]?.values }, this.expected as Expected);
    } finally {
      await close();
    }
  }

  /** Where the kills were: a process found what the one before it had left. */
  private count(processes: readonly (readonly SideLine[])[], steps: ReadonlyMap<string, number>): void {
    for (const [at, lines] of processes.entries()) {
      if (lines.some((line) => line.at === 'dying' && line.inCommit)) this.inCommit++;
      const found = lines.find((line) => line.at === 'load');
      if (at === 0 || found?.at !== 'load') continue;
      if (found.head === undefined) this.early++;
      else this.supersteps.add(steps.get(found.head) ?? NaN);
    }
  }
}
