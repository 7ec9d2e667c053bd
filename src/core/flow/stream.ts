import { toAsyncIterable, type PulledIterator } from '../bridge/toAsyncIterable.js';
import { toReadable } from '../bridge/toReadable.js';
import type { RunConfig } from '../context/RunConfig.js';
import { isRunContext, type RunContext } from '../context/RunContext.js';
import { subscriberOf } from '../context/RunScope.js';
import { requireCount } from '../errors/optionChecks.js';
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
  requireCount('capacity', capacity);
  const iterator = toAsyncIterable(runOf(definition, input, config, ['capacity']), { capacity, owner: subscriberOf(config) });
  return Object.defineProperty(iterator, 'readable', { get: () => toReadable(iterator) }) as RunStream<O>;
}
