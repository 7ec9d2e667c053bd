import type { Checkpointer, Commit, PendingRow } from '../../pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../pregel/checkpoints/memoryCheckpointer.js';
import type { Durability } from '../../pregel/engine/Home.js';
import { assertEqual } from '../assertEqual.js';
import { MarbleClock } from '../MarbleClock.js';
import { seededRandom } from '../seededRandom.js';
import { Dice } from './Dice.js';
import { Lookout } from './Lookout.js';
import type { SimulationOptions } from './SimulationOptions.js';
import { simulatedPlan, type SimulatedAnswer } from './simulatedGraph.js';

/** A branch of the thread, and the jobs that are done on it, one after the other. */
export interface Lane {
  readonly branch: string;
  readonly jobs: readonly number[];
}

/** The one that begins. */
export const MAIN: Lane = { branch: 'main', jobs: [1, 2] };
/** Forked off where the main one has done its first job: each must read only its own from then on. */
export const FORK: Lane = { branch: 'fork', jobs: [1, 3] };
/** All there are. */
export const LANES: readonly Lane[] = [MAIN, FORK];

/** What a human said, on its way to whoever runs the thread. */
export interface Message {
  readonly branch: string;
  readonly id: string;
  readonly answer: SimulatedAnswer;
}

/** One that lives, and the run that it is in. */
export interface LiveProcess {
  readonly name: string;
  readonly running: { readonly branch: string; readonly what: string } | undefined;
  end(): void;
}

const CHAOS_MS = 5 * 60_000;
const DEADLINE_MS = 20 * 60_000;
const MAX_TIMERS = 100_000;

/** One seed's world: its time, its store, what goes wrong in it, and what is found to be wrong with it. */
export class World {
  readonly clock = new MarbleClock(assertEqual, MAX_TIMERS);
  readonly random: () => number;
  readonly dice: Dice;
  readonly store: Checkpointer;
  readonly plan = simulatedPlan();
  readonly durability: Durability;
  readonly pausesBefore: readonly string[];
  readonly lookout: Lookout;
  readonly findings = new Set<string>();
  readonly trace: string[] = [];
  readonly inbox: Message[] = [];
  readonly acknowledgedIds = new Set<string>();
  readonly processes = new Set<LiveProcess>();
  /** All jobs are done, or something was found: nobody begins anything any more. */
  isOver = false;
  private readonly knownAt = new Map<string, number>();
  private ids = 0;
  private ticks = 0;

  constructor(
    seed: number,
    private readonly options: SimulationOptions,
  ) {
    this.random = seededRandom(seed);
    this.dice = new Dice(this.random);
    this.store = options.store?.(this.clock) ?? memoryCheckpointer({ scheduler: this.clock });
    this.durability = this.dice.oneOf(['sync', 'sync', 'async', 'exit']);
    this.pausesBefore = this.dice.oneOf([[], [], ['merge']]);
    this.lookout = new Lookout(this.plan, this.viewOf(this.store), this.clock);
  }

  /** Lets it begin, and all time pass. */
  run(begin: () => void): void {
    this.clock.run(() => {
      try {
        begin();
        this.after(CHAOS_MS, () => {
          this.dice.on = false;
        });
        this.after(DEADLINE_MS, () => this.stop());
        this.clock.flush();
      } catch (error) {
        this.finds(`it threw ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  }

  after(ms: number, then: () => void): void {
    if (ms === 0) then();
    else this.clock.schedule(then, ms);
  }

  nextId(): number {
    return ++this.ids;
  }

  /** Orders what happens at one time. */
  tick(): number {
    return ++this.ticks;
  }

  /** What the engine of a process gets in place of its store. */
  viewOf(store: Checkpointer): Checkpointer {
    return this.options.view?.(store) ?? store;
  }

  acknowledged({ id, branch, parentId }: Commit): void {
    this.acknowledgedIds.add(id);
    if (parentId !== undefined) this.learns(`superstep ${branch} ${parentId}`);
  }

  /** @param loadedAt when whoever had them kept had last read the store */
  kept(rows: readonly PendingRow[], loadedAt: number): void {
    for (const { taskId, key } of rows) {
      const what = `${taskId} ${key}`;
      if (key.startsWith('answer:') && this.knew(what, loadedAt)) this.finds(`an interrupt was answered twice: ${what}`);
      this.learns(what);
    }
  }

  /** Whether that was known to be stored at a tick: whoever reads the store later doesn't do it again. */
  knew(what: string, tick: number): boolean {
    return (this.knownAt.get(what) ?? Infinity) < tick;
  }

  note(who: string, what: string): void {
    this.trace.push(`${this.clock.now()} ${who}: ${what}`);
  }

  finds(what: string): void {
    this.findings.add(what);
    this.note('found', what);
    this.end();
  }

  private learns(what: string): void {
    if (!this.knownAt.has(what)) this.knownAt.set(what, this.tick());
  }

  /** By now nothing goes wrong any more, and everything has had the time to end. */
  private stop(): void {
    const endless = [...this.processes].filter(({ running }) => running);
    if (!this.isOver) this.finds('it is stuck: nothing goes wrong any more, and yet the jobs are not done');
    for (const { name, running } of endless) this.finds(`it is stuck: a run of ${name} never ends: ${running?.branch}, ${running?.what}`);
    this.end();
  }

  private end(): void {
    this.isOver = true;
    for (const process of this.processes) process.end();
  }
}
