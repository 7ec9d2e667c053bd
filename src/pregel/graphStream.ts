import { pulled, type RunStream, type StreamConfig } from '../core/flow/stream.js';
import type { Flow } from '../core/flow/flow.js';
import { streamMode, type ModePair, type ModeTriple, type ModeValues, type StreamMode } from './projections/streamMode.js';

/** How a run is streamed. */
export interface GraphStreamConfig<M> extends StreamConfig {
  /** What is emitted: of one mode its values, of a list `[mode, value]`. */
  readonly mode: M;
  /** Whether graphs that are nodes are heard too: then each value comes as `[path, mode, value]`. */
  readonly subgraphs?: boolean | undefined;
}

/** What a stream of these modes emits. */
export type Streamed<M, G, S, U> = G extends true ? ModeTriple<OneMode<M>, S, U> : M extends StreamMode ? ModeValues<S, U>[M] : ModePair<OneMode<M>, S, U>;

type OneMode<M> = Extract<M extends readonly (infer One)[] ? One : M, StreamMode>;

/** A run's events in other words, pulled: no superstep starts before what the one before it told is read. */
export function graphStream<I>(graph: Flow<I, unknown, unknown>, input: I, config: GraphStreamConfig<StreamMode | readonly StreamMode[]>): RunStream<unknown> {
  const { mode, subgraphs = false, capacity = 1, ...rest } = config;
  return pulled(graph.events(input, rest).pipe(streamMode(mode, { subgraphs } as { readonly subgraphs: true })), capacity);
}
