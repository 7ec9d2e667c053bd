import type { Observable } from 'rxjs';
import { typeOf } from '../../tests/types/same.js';
import { append } from '../channels/append.js';
import { lastValue } from '../channels/lastValue.js';
import { topic } from '../channels/topic.js';
import type { RunStream } from '../core/flow/stream.js';
import type { Asked } from '../core/events/RunEvent.js';
import type { MessageChunk } from '../operators/messages/Message.js';
import { START } from './graph/names.js';
import type { UpdateOf } from './graph/StateOf.js';
import { StateGraph } from './graph/StateGraph.js';
import type { ChunkSource } from './projections/messages.js';
import type { UpdatesOf } from './projections/updates.js';

const channels = { n: lastValue(0), notes: append<string>(), alerts: topic<boolean>() };
const graph = new StateGraph(channels, { output: ['n', 'notes'] }).addNode('a', () => ({ n: 1 })).addEdge(START, 'a').compile();
interface State {
  readonly n: number;
  readonly notes: readonly string[];
}
type Updates = UpdatesOf<UpdateOf<typeof channels>>;

const elementOf = <T>(_: RunStream<T>): T => undefined as T;
const is = <T>(stream: RunStream<T>) => typeOf(elementOf(stream));

// stream: without a mode the state, with one its values, with a list pairs, with subgraphs triples
const state = elementOf(graph.stream({}));
typeOf(state.n).is<number>(true);
typeOf(state.notes).is<readonly string[]>(true);
// @ts-expect-error alerts is private
export const secret = state.alerts;
is(graph.stream({}, { mode: 'custom' })).is<unknown>(true);
is(graph.stream({}, { mode: 'messages' })).is<readonly [MessageChunk, ChunkSource]>(true);
is(graph.stream({}, { mode: 'updates', tags: ['t'] })).is<Updates>(true);
is(graph.stream({}, { mode: ['updates', 'custom'] })).is<readonly [mode: 'updates', value: Updates] | readonly [mode: 'custom', value: unknown]>(true);
is(graph.stream({}, { mode: 'custom', subgraphs: false })).is<unknown>(true);
is(graph.stream({}, { mode: 'updates', subgraphs: true })).is<readonly [path: readonly string[], mode: 'updates', value: Updates]>(true);
const values: State = elementOf(graph.stream({}, { mode: 'values' }));
const stored: State = elementOf(graph.stream({}, { mode: 'checkpoints' })).values;
// @ts-expect-error no such mode
graph.stream({}, { mode: 'value' });
// @ts-expect-error nor in a list
graph.stream({}, { mode: ['values', 'value'] });
// @ts-expect-error an unknown setting
graph.stream({}, { mode: 'values', modes: [] });

// updates: by node, and what is asked
const update = elementOf(graph.stream({}, { mode: 'updates' }));
typeOf(update.__interrupt__).is<readonly Asked[] | undefined>(true);

// start: the channels by name, private ones too; items of topics alone
const { channels: watched } = graph.start({});
typeOf(watched.n.value$).is<Observable<number | undefined>>(true);
typeOf(watched.notes.value$).is<Observable<readonly string[]>>(true);
typeOf(watched.alerts.items$).is<Observable<boolean>>(true);
// @ts-expect-error no topic, no items
export const items = watched.notes.items$;
// @ts-expect-error no such channel
export const missing = watched.m;

export const used: readonly unknown[] = [values, stored];
