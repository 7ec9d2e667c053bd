import { Subscription } from 'rxjs';
import type { RunConfig } from '../../core/context/RunConfig.js';
import { rootContext } from '../../core/context/RunContext.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { Link } from '../../core/subscription.js';
import type { Checkpointer } from '../../pregel/checkpoints/Checkpointer.js';
import { compiledGraph, type GraphInput } from '../../pregel/compiledGraph.js';
import { AggregateGraphError } from '../../pregel/engine/AggregateGraphError.js';
import { leasePolicy } from '../../pregel/engine/LeasePolicy.js';
import { Thread } from '../../pregel/engine/Thread.js';
import { show } from '../show.js';
import { FaultyStore, type StoreClient } from './FaultyStore.js';
import { FlakyError } from './FlakyError.js';
import type { JobState, NodeHost, SimulatedGraph } from './simulatedGraph.js';
import { WatchedStore, type StoreReader } from './WatchedStore.js';
import type { LiveProcess, World } from './World.js';

/** What an operation may end with where stores fail and workers compete; then it is tried again. */
const EXPECTED = ['THREAD_BUSY', 'LEASE_LOST', 'STALE_CHECKPOINT', 'STORE_FAILED', 'UNKNOWN_INTERRUPT', 'BRANCH_EXISTS'] as const;

/** A run that a process is in. */
interface Running {
  readonly branch: string;
  readonly what: string;
  readonly leave: () => void;
}

/** One process with its own view of the store. A crash ends all it does, in the middle of whatever that is. */
export class SimulatedProcess implements NodeHost, LiveProcess, StoreClient, StoreReader {
  alive = true;
  /** When it read the store last. */
  loadedAt = 0;
  running: Running | undefined;
  private cutOffUntil = 0;
  private readonly store: Checkpointer;
  private readonly graph: SimulatedGraph;
  private readonly live = new Subscription();

  /** @param onCrash of a process that may crash */
  constructor(
    readonly world: World,
    readonly name: string,
    private readonly onCrash: (() => void) | undefined,
  ) {
    this.store = new WatchedStore(world.viewOf(new FaultyStore(world.store, this)), this);
    this.graph = compiledGraph(world.plan, { checkpointer: this.store, durability: world.durability, interruptBefore: world.pausesBefore });
  }

  /** Makes a branch of a checkpoint of the main one. */
  fork(checkpointId: string, branch: string, over: (how: string) => void): void {
    const main = new Thread<JobState>(this.world.plan, this.store, { thread: 't', namespace: '', branch: 'main' }, rootContext(this.config), leasePolicy({}));
    main.fork(checkpointId, branch).subscribe(this.listener(() => undefined, over));
  }

  /** Runs the graph; it is over when it ends, or when the caller has `heard` enough and leaves. */
  run(branch: string, what: string, input: GraphInput<Partial<JobState>>, over: (how: string) => void, heard: () => boolean = () => false): void {
    const end = (how: string): void => {
      this.running = undefined;
      this.world.note(this.name, `${branch}, ${what}: ${how}`);
      over(how);
    };
    const leave = (): void => {
      run.unsubscribe();
      end('left');
    };
    this.world.note(this.name, `${branch}, ${what}`);
    this.running = { branch, what, leave };
    const run = this.listener<JobState>(() => heard() && this.leave(), end);
    this.graph.run(input, { ...this.config, branch }).subscribe(run);
  }

  later(ms: number, then: () => void): void {
    const timer = this.world.clock.schedule(() => {
      this.live.remove(timer);
      then();
    }, ms);
    this.live.add(timer);
  }

  /** Leaves the run that it is in, if it is. */
  leave(): void {
    this.running?.leave();
  }

  mayCrash(where: string): void {
    if (!this.onCrash || !this.alive || !this.world.dice.crashes()) return;
    this.world.note(this.name, `crashes ${where}`);
    this.end();
    this.onCrash();
  }

  /** Drops everything at once: not even its lease is given back. */
  end(): void {
    this.alive = false;
    this.running = undefined;
    this.live.unsubscribe();
  }

  /** For how long yet nothing that it sends gets through: now and then that begins. */
  cutOffMs(): number {
    const now = this.world.clock.now();
    if (this.cutOffUntil <= now) this.cutOffUntil = now + this.world.dice.cutOffMs();
    return this.cutOffUntil - now;
  }

  does(taskId: string, what: string): void {
    const { world, running, name, loadedAt } = this;
    if (!running) return world.finds(`${name} did '${what}' of ${taskId} after its run had ended`);
    const checkpointId = taskId.slice(0, taskId.indexOf('/'));
    if (world.knew(`superstep ${running.branch} ${checkpointId}`, loadedAt)) world.finds(`the superstep after ${checkpointId} of ${running.branch} ran again, though it had been committed before the run began`);
    if (world.knew(`${taskId} ${what}`, loadedAt)) world.finds(`'${what}' of ${taskId} was done again, though it had been kept before the run began`);
  }

  workMs(): number {
    return this.world.dice.workMs();
  }

  fails(): boolean {
    return this.world.dice.happens(0.1);
  }

  private get config(): RunConfig & { readonly thread: string } {
    const { world, name } = this;
    return { thread: 't', scheduler: world.clock, ids: () => `${name}-${world.nextId()}`, random: world.random, configurable: { host: this } };
  }

  /** Listens as long as it lives; hears how it ended: `over`, or why it failed. Made beforehand, so that a crash can cut off what is on the stack. */
  private listener<T>(next: (value: T) => void, end: (how: string) => void): Link<T> {
    const listener = new Link<T>(undefined, { next, error: (error) => end(this.excuse(error)), complete: () => end('over') });
    this.live.add(listener);
    return listener;
  }

  private excuse(error: unknown): string {
    const excused = excuseFor(error);
    if (!excused) this.world.finds(`${this.name} failed with ${error instanceof Error ? error.message : show(error)}`);
    return excused ?? 'failed';
  }
}

function excuseFor(error: unknown): string | undefined {
  if (error instanceof FlakyError) return 'flaky';
  if (error instanceof AggregateGraphError) return error.errors.every(excuseFor) ? 'flaky' : undefined;
  return EXPECTED.find((code) => isRivuletError(error, code));
}
