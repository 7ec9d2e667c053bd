import type { SchedulerLike } from 'rxjs';
import { RivuletError } from '../errors/RivuletError.js';
import { requireCount, requireMs } from '../errors/optionChecks.js';
import type { EventSink } from '../events/EventHub.js';
import type { RemoteRun } from '../trace/RemoteRun.js';
import type { Tracer } from '../trace/tracer.js';

/** What a caller sets for one run. Everything is optional; what isn't set is inherited, or has a default. */
export interface RunConfig {
  /** The id of the root run; must be unique. Default: a time-ordered UUID from `ids`. */
  readonly runId?: string;
  /** What it is a part of. Its tags and metadata are inherited. Only for a run that has none above it here. */
  readonly parent?: RemoteRun | undefined;
  readonly runName?: string;
  /** Added to those inherited. */
  readonly tags?: readonly string[];
  /** Merged over what is inherited. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Values for configurable parts, merged over what is inherited. */
  readonly configurable?: Readonly<Record<string, unknown>>;
  readonly thread?: string;
  readonly branch?: string;
  readonly checkpointId?: string;
  /** Supersteps a graph, or turns a loop, may take. Default 25. */
  readonly recursionLimit?: number;
  readonly maxConcurrency?: number;
  /** Ends the run with `TIMEOUT`. Time at a closed gate isn't counted. */
  readonly timeoutMs?: number;
  /** Aborting it ends the run with `CANCELLED`. */
  readonly signal?: AbortSignal;
  /**
   * Aborting it ends a graph's run once the superstep it is in is done and stored, with what it came to; `invoke(null, { thread })`
   * goes on from there. `run_end` says `drained`.
   */
  readonly drain?: AbortSignal;
  /** Where time comes from. Default `asyncScheduler`, which a `TestScheduler` run makes virtual. */
  readonly scheduler?: SchedulerLike;
  /** A number in [0, 1). */
  readonly random?: () => number;
  readonly ids?: () => string;
  /** Gets every event of the run. */
  readonly events?: EventSink;
  readonly tracer?: Tracer;
}

const KEYS: Readonly<Record<keyof RunConfig, true>> = {
  runId: true,
  parent: true,
  runName: true,
  tags: true,
  metadata: true,
  configurable: true,
  thread: true,
  branch: true,
  checkpointId: true,
  recursionLimit: true,
  maxConcurrency: true,
  timeoutMs: true,
  signal: true,
  drain: true,
  scheduler: true,
  random: true,
  ids: true,
  events: true,
  tracer: true,
};

/**
 * Throws `INVALID_CONFIG` for an unknown key (a typo would otherwise be ignored in silence) or a value out of range.
 *
 * @param also keys that the calling method understands besides those of `RunConfig`
 */
export function checkConfig(config: object, also: readonly string[] = []): void {
  for (const key in config) {
    if (!Object.hasOwn(KEYS, key) && !also.includes(key)) {
      throw new RivuletError('INVALID_CONFIG', `'${key}' is not a key of RunConfig. Known keys: ${[...Object.keys(KEYS), ...also].join(', ')}`);
    }
  }
  const { recursionLimit, maxConcurrency, timeoutMs } = config as RunConfig;
  if (recursionLimit !== undefined) requireCount('recursionLimit', recursionLimit);
  if (maxConcurrency !== undefined) requireCount('maxConcurrency', maxConcurrency, { infinite: true });
  if (timeoutMs !== undefined) requireMs('timeoutMs', timeoutMs);
}
