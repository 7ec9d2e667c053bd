import { of } from 'rxjs';
import { z } from 'zod';
import { append } from '../../channels/append.js';
import { aggregate } from '../../channels/aggregate.js';
import { lastValue } from '../../channels/lastValue.js';
import { messages } from '../../channels/messages.js';
import { overwrite } from '../../channels/overwrite.js';
import { lambda } from '../../core/flow/lambda.js';
import type { Message } from '../../operators/messages/Message.js';
import { chat } from '../../operators/models/chat.js';
import type { ChatModel } from '../../operators/models/ChatModel.js';
import { modelNode } from '../nodes/modelNode.js';
import { toolNode } from '../nodes/toolNode.js';
import { toolsCondition } from '../nodes/toolsCondition.js';
import { channelOf } from './channelOf.js';
import { command } from './command.js';
import { END, PARENT, START } from './names.js';
import type { NodeFailure } from './NodeFunction.js';
import { send } from './send.js';
import { StateGraph, type InputOf, type OutputOf } from './StateGraph.js';
import type { StateOf, UpdateOf } from './StateOf.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;
declare const model: ChatModel;

const channels = { n: lastValue(0), kind: lastValue<'a' | 'b'>(), notes: append<string>(), messages: messages<Message>(), sum: aggregate('sum') };
type State = StateOf<typeof channels>;
same<State, { readonly n: number; readonly kind: 'a' | 'b'; readonly notes: readonly string[]; readonly messages: readonly Message[]; readonly sum: number }>(true);
const start = () => new StateGraph(channels);

// What a callback reads and writes.
const graph = start()
  .addNode('one', (state) => ({ n: state.n + 1, kind: 'a' }))
  .addNode('async', async (state, run) => ({ notes: [`${run.taskId} ${state.notes.length}`] }))
  .addNode('stream', () => of({ n: 1 }, { notes: 'x' }))
  .addNode('generator', async function* () {
    yield { n: 1 };
  })
  .addNode('nothing', () => undefined)
  .addNode('either', (state) => (state.n > 1 ? { n: 1 } : { notes: 'x' }))
  .addNode('maybe', (state) => (state.n > 1 ? { n: 1 } : undefined))
  .addNode('list', () => [{ n: 1 }, { notes: overwrite(['y']) }])
  .addNode('sent', ({ i }: { readonly i: number }) => ({ n: i }))
  .addNode('named', (state: State) => ({ sum: state.sum }))
  .addNode('part', ({ n }: { readonly n: number }) => ({ n }));

start().addNode('bad', (state) => {
  // @ts-expect-error the state is readonly
  state.n = 1;
  // @ts-expect-error and so are its lists
  state.notes.push('x');
  return {};
});
// @ts-expect-error no such channel
start().addNode('bad', () => ({ m: 1 }));
// @ts-expect-error no such channel beside one that there is
start().addNode('bad', () => ({ n: 1, m: 1 }));
// @ts-expect-error no such channel in one of several results
start().addNode('bad', (state) => (state.n > 1 ? { n: 1 } : { m: 1 }));
// @ts-expect-error no such channel in a promise
start().addNode('bad', async () => ({ n: 1, m: 1 }));
// @ts-expect-error no such channel in a stream
start().addNode('bad', () => of({ n: 1, m: 1 }));
// @ts-expect-error no such channel in a command
start().addNode('bad', () => command({ update: { n: 1, m: 1 } }));
// @ts-expect-error n is a number
start().addNode('bad', () => ({ n: 'x' }));
// @ts-expect-error n is a number
start().addNode('bad', async () => ({ n: 'x' }));
// @ts-expect-error no such kind
start().addNode('bad', () => ({ kind: 'c' }));
// @ts-expect-error notes are strings
start().addNode('bad', () => ({ notes: [1] }));
// @ts-expect-error n is a number
start().addNode('bad', () => command({ update: { n: 'x' } }));
// @ts-expect-error a send is no update
start().addNode('bad', () => send('one', 1));
// @ts-expect-error a number is no update
start().addNode('bad', () => 1);
// @ts-expect-error no such option
start().addNode('bad', () => ({}), { retries: 3 });

// Parts to build with.
start().addNode('model', modelNode(model)).addNode('tools', toolNode([])).addEdge('tools', 'model').addConditionalEdges('model', toolsCondition);
// @ts-expect-error there is no node 'tools'
start().addNode('model', modelNode(model)).addConditionalEdges('model', toolsCondition);
// @ts-expect-error there is no channel 'talk'
start().addNode('model', modelNode(model, { writes: 'talk' }));
// @ts-expect-error 'notes' is no conversation
start().addNode('model', modelNode(model, { reads: 'notes', writes: 'messages' })).addEdge(START, 'model');

// Where edges lead.
graph
  .addEdge(START, 'one')
  .addEdge('one', END)
  .addEdge('sent', 'part')
  .addEdge(['one', 'async'], 'named')
  .addConditionalEdges('one', (state) => (state.n > 1 ? 'async' : END))
  .addConditionalEdges(START, () => ['one', 'stream'])
  .addConditionalEdges('one', (state) => state.notes.map((_, i) => send('sent', { i })))
  .addConditionalEdges('one', (state) => [send('sent', { i: 1 }), send('part', { n: state.n }), 'one'])
  .addConditionalEdges('one', (state) => state.n > 1, { true: 'async', false: END })
  .addConditionalEdges('one', (state) => (state.n > 1 ? 'more' : 'less'), { more: 'async', less: END })
  .addConditionalEdges('one', () => 'more', { more: 'async', less: END })
  .addConditionalEdges('one', () => 'async', ['async', 'sent', END]);
// @ts-expect-error unknown node
graph.addEdge('one', 'zzz');
// @ts-expect-error unknown node
graph.addEdge('zzz', 'one');
// @ts-expect-error unknown node in a join
graph.addEdge(['one', 'zzz'], 'one');
// @ts-expect-error a run can't go on after END
graph.addEdge(END, 'one');
// @ts-expect-error nor back to START
graph.addEdge('one', START);
// @ts-expect-error it doesn't run on the state, but on what it is sent
graph.addEdge('one', 'sent');
// @ts-expect-error unknown target
graph.addConditionalEdges('one', (state) => (state.n > 1 ? 'async' : 'zzz'));
// @ts-expect-error unknown source
graph.addConditionalEdges('zzz', () => END);
// @ts-expect-error it doesn't run on the state
graph.addConditionalEdges('one', () => 'sent');
// @ts-expect-error send to an unknown node
graph.addConditionalEdges('one', () => [send('zzz', { i: 1 })]);
// @ts-expect-error send of a wrong argument
graph.addConditionalEdges('one', () => [send('sent', { i: 'x' })]);
// @ts-expect-error unknown node in a path map
graph.addConditionalEdges('one', () => 'x', { x: 'zzz' });
// @ts-expect-error a result that the path map hasn't
graph.addConditionalEdges('one', (state) => (state.n > 1 ? 'x' : 'y'), { x: 'one' });

// Where commands go is known once all nodes are: at compile.
start().addNode('first', () => command({ goto: 'later', update: { n: 1 } }), { ends: ['later'] }).addNode('later', () => ({})).compile();
start().addNode('first', () => command({ goto: [send('later', { i: 1 }), END] })).addNode('later', ({ i }: { readonly i: number }) => ({ n: i })).compile();
start().addNode('first', () => command({ goto: 'elsewhere', graph: PARENT, update: { other: 1 } })).compile();
start().addNode('first', (state) => (state.n > 1 ? command({ goto: 'later' }) : { n: 1 })).addNode('later', () => ({})).compile();
// @ts-expect-error unknown target of a command
start().addNode('first', () => command({ goto: 'latr' })).addNode('later', () => ({})).compile();
// @ts-expect-error unknown target of one of several commands
start().addNode('first', async (state) => (state.n > 1 ? command({ goto: 'latr' }) : [{ n: 1 }, command({ goto: END })])).compile();
// @ts-expect-error sent a wrong argument by a command
start().addNode('first', () => command({ goto: send('later', { i: 'x' }) })).addNode('later', ({ i }: { readonly i: number }) => ({ n: i })).compile();
// @ts-expect-error it doesn't run on the state
start().addNode('first', () => command({ goto: 'later' })).addNode('later', ({ i }: { readonly i: number }) => ({ n: i })).compile();
start().addNode('first', () => ({}), { ends: ['later', 'first', END] }).addNode('later', () => ({})).compile();
// @ts-expect-error unknown node in ends
start().addNode('first', () => ({}), { ends: ['zzz'] }).compile();
// @ts-expect-error unknown node among ends
start().addNode('first', () => ({}), { ends: ['first', 'zzz', END] }).compile();
// @ts-expect-error unknown handler
start().addNode('first', () => ({}), { onError: 'zzz' }).compile();
start().addNode('first', () => ({}), { onError: 'mend' }).addNode('mend', ({ error }: NodeFailure<State>) => ({ notes: String(error) })).compile();

// Flows: what they read and write.
const flows = start()
  .addNode('model', chat(model), { reads: 'messages', writes: 'messages' })
  .addNode('count', lambda(({ n, sum }: { readonly n: number; readonly sum: number }) => n + sum), { reads: ['n', 'sum'], writes: 'n', cache: { key: ({ n }) => `${n}` } })
  .addNode('whole', lambda((state: State) => ({ n: state.n })))
  .addNode('going', lambda((_: State) => command({ goto: 'model' })))
  .addNode('sentFlow', lambda(({ i }: { readonly i: number }) => ({ n: i })))
  .addEdge('model', 'count')
  .addEdge('count', 'whole')
  .addConditionalEdges('whole', (state) => [send('sentFlow', { i: 1 }), send('model', state.messages)]);
flows.compile();
// @ts-expect-error it doesn't run on the state
flows.addEdge('model', 'sentFlow');
// @ts-expect-error the model takes messages, not a number
start().addNode('bad', chat(model), { reads: 'n', writes: 'messages' });
// @ts-expect-error its answer is no number
start().addNode('bad', chat(model), { reads: 'messages', writes: 'n' });
// @ts-expect-error its answer is no update
start().addNode('bad', chat(model), { reads: 'messages' });
// @ts-expect-error no such channel
start().addNode('bad', chat(model), { reads: 'message', writes: 'messages' });
// @ts-expect-error its result writes what n is not
start().addNode('bad', lambda((state: State) => ({ n: `${state.n}` })));

// Sequences.
start()
  .addSequence([
    ['load', (state) => ({ n: state.n + 1 })],
    ['think', lambda((state: State) => ({ notes: `${state.n}` }))],
    ['save', async () => ({ notes: 'saved' }), { retry: { maxAttempts: 2 } }],
  ])
  .addEdge(START, 'load')
  .addEdge('save', END)
  .compile();
// @ts-expect-error n is a number
start().addSequence([['load', () => ({ n: 'x' })]]);
// @ts-expect-error unknown target of a command
start().addSequence([['load', () => command({ goto: 'zzz' })]]).compile();

// A schema's fields are channels.
const schema = z.object({ topic: z.string(), tries: z.number().default(0), tags: z.array(z.string()), notes: channelOf(z.array(z.string()), append<string>()), size: z.string().transform(Number) });
same<StateOf<typeof schema>, { readonly topic: string; readonly tries: number; readonly tags: readonly string[]; readonly notes: readonly string[]; readonly size: number }>(true);
const fromSchema = new StateGraph(schema, { input: ['topic'] })
  .addNode('ask', ({ topic, tries, notes }) => ({ tries: tries + 1, notes: [topic, ...notes], size: '12' }))
  .addNode('note', (state: z.infer<typeof schema>) => ({ notes: state.topic }))
  .addEdge(START, 'ask')
  .addEdge('ask', 'note');
// @ts-expect-error tries is a number
new StateGraph(schema).addNode('bad', () => ({ tries: 'x' }));
// @ts-expect-error no such field
new StateGraph(schema).addNode('bad', () => ({ tries: 1, tried: 1 }));

// What is given and returned.
const narrow = new StateGraph(channels, { input: ['n', 'notes'], output: ['sum'] }).addNode('one', ({ messages: all }) => ({ sum: all.length })).addEdge(START, 'one');
same<InputOf<typeof narrow>, Pick<UpdateOf<typeof channels>, 'n' | 'notes'>>(true);
same<OutputOf<typeof narrow>, { readonly sum: number }>(true);
same<OutputOf<typeof fromSchema>, StateOf<typeof schema>>(true);
fromSchema.compile().invoke({ topic: 'x' });
const compiled = narrow.compile({ name: 'narrow' });
same<Awaited<ReturnType<typeof compiled.invoke>>, { readonly sum: number }>(true);
// @ts-expect-error it isn't given messages
compiled.invoke({ messages: [] });
// @ts-expect-error no such channel
new StateGraph(channels, { input: ['m'] });

// A graph in a graph shares channels by name.
const outer = new StateGraph({ n: lastValue(0), sum: aggregate('sum'), notes: append<string>(), other: lastValue('') }).addNode('inner', compiled).addNode('plain', (state) => ({ other: `${state.sum}` })).addEdge(START, 'inner').addEdge('inner', 'plain');
outer.compile().invoke({ n: 1 });
// @ts-expect-error sum is a string here
new StateGraph({ n: lastValue(0), sum: lastValue('') }).addNode('inner', compiled);

// Statement by statement, the names are lost: calls are chained.
const statements = start();
statements.addNode('x', () => ({}));
// @ts-expect-error 'x' isn't known to `statements`
statements.addEdge(START, 'x');
