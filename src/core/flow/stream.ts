import type { Observable, Subscriber } from 'rxjs';
import { toAsyncIterable, type PulledIterator } from '../bridge/toAsyncIterable.js';
import { toReadable } from '../bridge/toReadable.js';
import type { RunConfig } from '../context/RunConfig.js';
import { isRunContext, type RunContext } from '../context/RunContext.js';
import { subscriberOf } from '../context/RunScope.js';
import type { FlowDefinition } from './FlowDefinition.js';
import { runOf } from './run.js';

export interface StreamConfig extends RunConfig {
  /** How many chunks may be produced ahead of the reader. Default: the flow's, 16; of a graph 1. */
  readonly capacity?: number;
}

/** A run's chunks, pulled: its own async iterator, or once as a `ReadableStream`. Leaving the loop cancels the run. */
export interface RunStream<O> extends PulledIterator<O> {
  readonly readable: ReadableStream<O>;
}

/** A run's chunks, as they are read. */
export function streamRun<I, O, R>(definition: FlowDefinition<I, O, R>, input: I, config: StreamConfig | RunContext | undefined): RunStream<O> {
  const capacity = (config && !isRunContext(config) ? config.capacity : undefined) ?? definition.capacity;
  return pulled(runOf(definition, input, config, ['capacity']), capacity, subscriberOf(config));
}

/**
 * What a run brings, as it is read.
 *
 * @param owner the call that reads it: when that ends, so does the reading
 */
export function pulled<T>(source: Observable<T>, capacity: number, owner?: Subscriber<never>): RunStream<T> {
  const iterator = toAsyncIterable(source, { capacity, owner });
  return Object.defineProperty(iterator, 'readable', { get: () => toReadable(iterator) }) as RunStream<T>;
}
