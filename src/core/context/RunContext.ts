import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { platform } from '../bridge/platform.js';
import { timeOrderedId } from '../bridge/timeOrderedId.js';
import { EventHub, type EventSink } from '../events/EventHub.js';
import { RivuletError } from '../errors/RivuletError.js';
import type { BeginBody, RunEvent, RunEventBody } from '../events/RunEvent.js';
import type { RemoteRun } from '../trace/RemoteRun.js';
import { checkConfig, type RunConfig } from './RunConfig.js';
import type { TaskScope } from './TaskScope.js';

/** The brand by which contexts are known, also between two copies of the library. */
export const RUN_CONTEXT: unique symbol = Symbol.for('rivulet.runContext') as never;

/** What a context hands on to those below it. One object, never changed, shared until something is patched. */
export interface RunSettings {
  /** For the outermost runs within, and not for those within them. */
  readonly runName: string | undefined;
  /** Which step of a chain the outermost runs within are. */
  readonly stepTag: string | undefined;
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
  /** @param now milliseconds, if it is known */
  readonly ids: (now?: number) => string;
  readonly path: readonly string[];
  readonly attempt: number;
  /** Who watches this run; `undefined` when nobody does, and then nothing is built for watching. */
  readonly hub: EventHub | undefined;
  readonly task: TaskScope | undefined;
  /** What the root is a part of, in another process. */
  readonly remote: RemoteRun | undefined;
}

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});

/** Not frozen, nor is anything made of it: a copy of a frozen object takes ten times as long. */
const DEFAULTS: RunSettings = {
  runName: undefined,
  stepTag: undefined,
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
  ids: (now = asyncScheduler.now()) => timeOrderedId(now, platform.random),
  path: Object.freeze([]),
  attempt: 1,
  hub: undefined,
  task: undefined,
  remote: undefined,
};

const UNLABELLED: Partial<RunSettings> = { runName: undefined, stepTag: undefined };

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
  get stepTag(): string | undefined {
    return this.settings.stepTag;
  }
  /** What a run changes that takes the name and the tag which were meant for it; nothing, if there are none. */
  get unlabelled(): Partial<RunSettings> | undefined {
    const { runName, stepTag } = this.settings;
    return runName === undefined && stepTag === undefined ? undefined : UNLABELLED;
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
  get ids(): (now?: number) => string {
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
  tell(body: RunEventBody | RunEvent): void {
    this.hub?.emit(this.runId, this.scheduler.now(), this.path, body);
  }

  /** Says that this context's run begins. `body` is made for this call, and becomes the event. */
  begin(body: BeginBody): void {
    const { hub } = this;
    if (!hub) return;
    const place = { at: this.scheduler.now(), order: hub.nextOrder() };
    this.place = place;
    if (this.opensRun) this.id ??= this.ids(place.at);
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
  const { parent } = config;
  const scheduler = config.scheduler ?? settings.scheduler;
  const random = config.random ?? settings.random;
  const makesIds = (config.scheduler ?? config.random) && settings.ids === DEFAULTS.ids;
  return {
    runName: config.runName ?? settings.runName,
    stepTag: settings.stepTag,
    tags: parent?.tags || config.tags ? [...settings.tags, ...(parent?.tags ?? []), ...(config.tags ?? [])] : settings.tags,
    metadata: parent?.metadata || config.metadata ? { ...settings.metadata, ...parent?.metadata, ...config.metadata } : settings.metadata,
    configurable: config.configurable ? { ...settings.configurable, ...config.configurable } : settings.configurable,
    thread: config.thread ?? settings.thread,
    branch: config.branch ?? settings.branch,
    checkpointId: config.checkpointId ?? settings.checkpointId,
    recursionLimit: config.recursionLimit ?? settings.recursionLimit,
    maxConcurrency: config.maxConcurrency ?? settings.maxConcurrency,
    drain: config.drain ?? settings.drain,
    scheduler,
    random,
    ids: config.ids ?? (makesIds ? (now = scheduler.now()) => timeOrderedId(now, random) : settings.ids),
    path: settings.path,
    attempt: settings.attempt,
    hub: watchedBy(watchedBy(settings.hub, config.events), config.tracer),
    task: settings.task,
    remote: parent ?? settings.remote,
  };
}

function watchedBy(hub: EventHub | undefined, sink: EventSink | undefined): EventHub | undefined {
  if (!sink) return hub;
  return hub ? hub.with(sink) : new EventHub([sink]);
}
