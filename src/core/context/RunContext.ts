import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { platform } from '../bridge/platform.js';
import { timeOrderedId } from '../bridge/timeOrderedId.js';
import { EventHub } from '../events/EventHub.js';
import { RivuletError } from '../errors/RivuletError.js';
import type { BeginBody, RunEventBody } from '../events/RunEvent.js';
import type { RemoteRun } from '../trace/RemoteRun.js';
import { checkConfig, type RunConfig } from './RunConfig.js';
import type { TaskScope } from './TaskScope.js';

/** The brand by which contexts are known, also between two copies of the library. */
export const RUN_CONTEXT: unique symbol = Symbol.for('rivulet.runContext') as never;

/** What a context hands on to those below it. One frozen object, shared until something is patched. */
export interface RunSettings {
  readonly runName: string | undefined;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly configurable: Readonly<Record<string, unknown>>;
  readonly thread: string | undefined;
  readonly branch: string;
  readonly checkpointId: string | undefined;
  readonly recursionLimit: number;
  readonly maxConcurrency: number;
  readonly drain: AbortSignal | undefined;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
  readonly ids: () => string;
  readonly path: readonly string[];
  readonly attempt: number;
  /** Who watches this run; `undefined` when nobody does, and then nothing is built for watching. */
  readonly hub: EventHub | undefined;
  readonly task: TaskScope | undefined;
  /** What the root is a part of, in another process. */
  readonly remote: RemoteRun | undefined;
}

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});

const DEFAULTS: RunSettings = Object.freeze({
  runName: undefined,
  tags: Object.freeze([]),
  metadata: NOTHING,
  configurable: NOTHING,
  thread: undefined,
  branch: 'main',
  checkpointId: undefined,
  recursionLimit: 25,
  maxConcurrency: Infinity,
  drain: undefined,
  scheduler: asyncScheduler,
  random: () => platform.random(),
  ids: () => timeOrderedId(asyncScheduler.now(), platform.random),
  path: Object.freeze([]),
  attempt: 1,
  hub: undefined,
  task: undefined,
  remote: undefined,
});

/** The context of a run: it is attached at the downstream end of a subscription and found by whoever is upstream. */
export class RunContext implements RunSettings {
  readonly [RUN_CONTEXT] = true;
  private id: string | undefined = undefined;
  /** When its run began, and which of its trace's it was; `undefined` if nobody was told here that one began. */
  place: { readonly at: number; readonly order: number } | undefined = undefined;

  /** @param opensRun whether a run of its own begins here: the root, or a span */
  constructor(
    readonly settings: RunSettings,
    readonly parent: RunContext | undefined,
    private readonly opensRun: boolean,
    runId?: string,
  ) {
    this.id = runId;
  }

  /** The run this belongs to: the nearest span at or above it. */
  get runId(): string {
    return (this.id ??= this.parent && !this.opensRun ? this.parent.runId : this.settings.ids());
  }
  get parentRunId(): string | undefined {
    if (!this.parent) return this.remote?.runId;
    return this.opensRun ? this.parent.runId : this.parent.parentRunId;
  }
  get traceId(): string {
    return this.parent ? this.parent.traceId : (this.remote?.traceId ?? this.runId);
  }
  get runName(): string | undefined {
    return this.settings.runName;
  }
  get tags(): readonly string[] {
    return this.settings.tags;
  }
  get metadata(): Readonly<Record<string, unknown>> {
    return this.settings.metadata;
  }
  get configurable(): Readonly<Record<string, unknown>> {
    return this.settings.configurable;
  }
  get thread(): string | undefined {
    return this.settings.thread;
  }
  get branch(): string {
    return this.settings.branch;
  }
  get checkpointId(): string | undefined {
    return this.settings.checkpointId;
  }
  get recursionLimit(): number {
    return this.settings.recursionLimit;
  }
  get maxConcurrency(): number {
    return this.settings.maxConcurrency;
  }
  get drain(): AbortSignal | undefined {
    return this.settings.drain;
  }
  get scheduler(): SchedulerLike {
    return this.settings.scheduler;
  }
  get random(): () => number {
    return this.settings.random;
  }
  get ids(): () => string {
    return this.settings.ids;
  }
  get path(): readonly string[] {
    return this.settings.path;
  }
  get attempt(): number {
    return this.settings.attempt;
  }
  get hub(): EventHub | undefined {
    return this.settings.hub;
  }
  get task(): TaskScope | undefined {
    return this.settings.task;
  }
  get remote(): RemoteRun | undefined {
    return this.settings.remote;
  }

  /** Says what happened to whoever watches. `body` is made for this call, and becomes the event. */
  tell(body: RunEventBody): void {
    this.hub?.emit(this.runId, this.scheduler.now(), this.path, body);
  }

  /** Says that this context's run begins. `body` is made for this call, and becomes the event. */
  begin(body: BeginBody): void {
    const { hub } = this;
    if (!hub) return;
    const place = { at: this.scheduler.now(), order: hub.nextOrder() };
    this.place = place;
    const event = body as { order?: number } & RunEventBody;
    event.order = place.order;
    hub.emit(this.runId, place.at, this.path, event);
  }

  /** The same run with some settings changed. */
  with(patch?: Partial<RunSettings>): RunContext {
    return new RunContext(patch ? { ...this.settings, ...patch } : this.settings, this, false);
  }

  /** A run of its own below this one. */
  open(patch?: Partial<RunSettings>): RunContext {
    return new RunContext(patch ? { ...this.settings, ...patch } : this.settings, this, true);
  }
}

/** Whether `value` is a context or a callback's `run`, also from another copy of the library. */
export function isRunContext(value: unknown): value is RunContext {
  return typeof value === 'object' && value !== null && RUN_CONTEXT in value;
}

/** A context with no run above it. */
export function rootContext(config?: RunConfig): RunContext {
  if (!config) return new RunContext(DEFAULTS, undefined, true);
  return new RunContext(patched(DEFAULTS, config), undefined, true, config.runId);
}

/** The context for a run below `above`, if there is one: `config` is a caller's config, or a callback's `run`. */
export function contextFor(above: RunContext | undefined, config: RunConfig | RunContext | undefined, also?: readonly string[]): RunContext {
  if (isRunContext(config)) return config.with();
  if (config) checkConfig(config, also);
  if (!above) return rootContext(config);
  if (config?.parent) throw new RivuletError('INVALID_CONFIG', "a run within another run can't have a parent elsewhere. Give `parent` to the outermost run()");
  return config ? above.with(patched(above.settings, config)) : above;
}

/** `settings` with what `config` sets; tags add up, metadata and configurable merge. */
export function patched(settings: RunSettings, config: RunConfig): RunSettings {
  const { tags, metadata, configurable, events, tracer, parent, ...rest } = config;
  const next: { -readonly [K in keyof RunSettings]: RunSettings[K] } = { ...settings };
  for (const key of INHERITED) if (rest[key] !== undefined) Object.assign(next, { [key]: rest[key] });
  if ((config.scheduler ?? config.random) && !config.ids && settings.ids === DEFAULTS.ids) next.ids = () => timeOrderedId(next.scheduler.now(), next.random);
  if (parent) next.remote = parent;
  if (parent?.tags ?? tags) next.tags = [...settings.tags, ...(parent?.tags ?? []), ...(tags ?? [])];
  if (parent?.metadata ?? metadata) next.metadata = { ...settings.metadata, ...parent?.metadata, ...metadata };
  if (configurable) next.configurable = { ...settings.configurable, ...configurable };
  for (const sink of [events, tracer]) if (sink) next.hub = next.hub ? next.hub.with(sink) : new EventHub([sink]);
  return Object.freeze(next);
}

const INHERITED = ['runName', 'thread', 'branch', 'checkpointId', 'recursionLimit', 'maxConcurrency', 'drain', 'scheduler', 'random', 'ids'] as const;
