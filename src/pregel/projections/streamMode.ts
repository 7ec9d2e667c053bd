import type { OperatorFunction, Subscriber } from 'rxjs';
import { Relay } from '../../core/demand/Relay.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { RunEvent } from '../../core/events/RunEvent.js';
import { Link, operate } from '../../core/subscription.js';
import type { MessageChunk } from '../../operators/messages/Message.js';
import { checkpoints, type StoredState } from './checkpoints.js';
import { custom } from './custom.js';
import { debug, type DebugEntry } from './debug.js';
import { graphOf } from './graphOf.js';
import { messages, type ChunkSource } from './messages.js';
import type { Projection } from './Projection.js';
import { tasks, type TaskEnd, type TaskStart } from './tasks.js';
import { updates, type UpdatesOf } from './updates.js';
import { values } from './values.js';

/** What each mode emits, for a graph whose state is `S` and whose nodes write `U`. */
export interface ModeValues<S = unknown, U = unknown> {
  /** The state, first as the input left it, then after each superstep. */
  readonly values: S;
  /** What each task wrote, as they finish. */
  readonly updates: UpdatesOf<U>;
  /** The pieces of models' answers. */
  readonly messages: readonly [MessageChunk, ChunkSource];
  /** What nodes say by `run.emit`. */
  readonly custom: unknown;
  /** Each task's begin and end. */
  readonly tasks: TaskStart | TaskEnd;
  /** Each checkpoint, once it is stored. */
  readonly checkpoints: StoredState<S>;
  /** `tasks` and `checkpoints`. */
  readonly debug: DebugEntry<S>;
}

export type StreamMode = keyof ModeValues;

/** One of these modes with a value of it. */
export type ModePair<M extends StreamMode, S = unknown, U = unknown> = { readonly [K in M]: readonly [mode: K, value: ModeValues<S, U>[K]] }[M];

/** As `ModePair`, with the names that lead to the graph it comes from. */
export type ModeTriple<M extends StreamMode, S = unknown, U = unknown> = { readonly [K in M]: readonly [path: readonly string[], mode: K, value: ModeValues<S, U>[K]] }[M];

export interface StreamModeOptions {
  /** Whether graphs that are nodes are heard too: then each value comes as `[path, mode, value]`. */
  readonly subgraphs?: boolean;
}

const PROJECTIONS: { readonly [K in StreamMode]: () => Projection<ModeValues[K]> } = { values, updates, messages, custom, tasks, checkpoints, debug };

/**
 * Makes of a run's events what a stream mode shows: the values of one mode, or `[mode, value]` of several.
 *
 * ```text
 * r-ab-----r-|   graph.events(input)
 * streamMode('updates')
 * --ab-------|
 * ```
 *
 * *Demand*: passed on; an event that makes several values waits until they are taken. *Timing*: synchronous. *Errors*: the run's.
 *
 * @throws RivuletError `INVALID_OPTION` for a mode that isn't one
 *
 * @example
 * ```ts
 * import { lastValue } from 'rivulet/channels';
 * import { START, StateGraph, streamMode } from 'rivulet/pregel';
 *
 * const graph = new StateGraph({ n: lastValue(0) }).addNode('inc', ({ n }) => ({ n: n + 1 })).addEdge(START, 'inc').compile();
 * graph.events({}).pipe(streamMode('updates')).subscribe(); // { inc: { n: 1 } }
 * ```
 */
export function streamMode<M extends StreamMode>(mode: readonly M[] | M, options: { readonly subgraphs: true }): OperatorFunction<RunEvent, ModeTriple<M>>;
export function streamMode<M extends StreamMode>(mode: M, options?: { readonly subgraphs?: false }): OperatorFunction<RunEvent, ModeValues[M]>;
export function streamMode<M extends StreamMode>(modes: readonly M[], options?: { readonly subgraphs?: false }): OperatorFunction<RunEvent, ModePair<M>>;
export function streamMode(mode: StreamMode | readonly StreamMode[], { subgraphs = false }: StreamModeOptions = {}): OperatorFunction<RunEvent, unknown> {
  const modes: readonly StreamMode[] = typeof mode === 'string' ? [mode] : mode;
  modes.forEach(requireMode);
  const shape = subgraphs ? inGraph : typeof mode === 'string' ? bare : named;
  return operate((events, subscriber) => events.subscribe(projecting(modes, shape, subgraphs, subscriber)));
}

type Shape = (path: readonly string[], mode: StreamMode, value: unknown) => unknown;
const bare: Shape = (_path, _mode, value) => value;
const named: Shape = (_path, mode, value) => [mode, value];
const inGraph: Shape = (path, mode, value) => [path, mode, value];

function projecting(modes: readonly StreamMode[], shape: Shape, subgraphs: boolean, subscriber: Subscriber<unknown>): Link<RunEvent> {
  const relay = new Relay<unknown>(subscriber);
  const projections = modes.map((mode) => ({ mode, project: PROJECTIONS[mode]() as Projection<unknown> }));
  let depth: number | undefined; // of the graph that is run: its state comes before any other's
  return new Link<RunEvent>(subscriber, {
    demand: relay,
    next: (event) => {
      const path = graphOf(event);
      if (event.type === 'state_update') depth ??= path.length;
      if (!subgraphs && depth !== undefined && path.length > depth) return;
      for (const { mode, project } of projections) {
        const projected = project(event);
        if (projected) relay.push(shape(path, mode, projected.value));
      }
    },
    error: (error) => relay.endWith(() => subscriber.error(error)),
    complete: () => relay.endWith(() => subscriber.complete()),
  });
}

function requireMode(mode: StreamMode): void {
  if (Object.hasOwn(PROJECTIONS, mode)) return;
  throw new RivuletError('INVALID_OPTION', `'${String(mode)}' is no stream mode. The modes are ${Object.keys(PROJECTIONS).join(', ')}`);
}
