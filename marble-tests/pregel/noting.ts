import { map, timer, type Observable } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { RunConfig } from '../../src/core/context/RunConfig.js';
import type { RunEvent, RunEventType } from '../../src/core/events/RunEvent.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { recorder } from '../eventStory.js';
import { heard, type Heard } from './heard.js';

/** A graph whose nodes write down what they did. */
export const noting = () => new StateGraph({ notes: append<string>(), n: lastValue(0) });

/** An update that adds notes. */
export const note = (...notes: readonly string[]): { readonly notes: readonly string[] } => ({ notes });

/** The same after so many frames. */
export const noteAfter = (frames: number, ...notes: readonly string[]): Observable<{ readonly notes: readonly string[] }> => timer(frames).pipe(map(() => note(...notes)));

/** What a run said, and its events. */
export interface ToldRun<S> {
  readonly run: Heard<S>;
  readonly events: readonly RunEvent[];
  /** Those of some types, in lines: `@frame type node what`. */
  lines(...types: readonly RunEventType[]): readonly string[];
}

/** Runs a graph, with ids `id-1`, `id-2` …, and listens to what it says and tells. */
export function toldRun<I, S>(graph: { run(input: I, config?: RunConfig): Observable<S> }, input: I, config: RunConfig): ToldRun<S> {
  const { events, next } = recorder();
  const run = heard(graph.run(input, { ids: seededIds('id'), events: { next }, ...config }));
  const lines = (...types: readonly RunEventType[]): readonly string[] => events.filter(({ type }) => types.includes(type)).map(line);
  return { run, events, lines };
}

function line(event: RunEvent): string {
  return [`@${event.at}`, event.type, ...what(event)].join(' ');
}

function what(event: RunEvent): readonly unknown[] {
  switch (event.type) {
    case 'node_start':
      return [event.node, event.attempt];
    case 'node_end':
      return [event.node];
    case 'node_error':
      return [event.node, messageOf(event.error)];
    case 'late_error':
      return [event.path.join('/'), messageOf(event.error)];
    case 'superseded':
      return [event.path.join('/'), event.attempt];
    case 'retry':
      return [event.attempt, `in ${event.delayMs}`];
    case 'custom':
      return [event.path.join('/'), JSON.stringify(event.value)];
    case 'step_start':
    case 'step_end':
      return [event.step];
    default:
      return [];
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
