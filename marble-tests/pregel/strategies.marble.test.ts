import { describe, expect, test } from '@jest/globals';
import { append, lastValue } from '../../src/channels/index.js';
import type { CompileOptions } from '../../src/pregel/compiledGraph.js';
import { command } from '../../src/pregel/graph/command.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import type { Strategy } from '../../src/pregel/graph/GraphPlan.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';
import { threadOf } from './threadOf.js';

const says = (word: string) => () => ({ said: word });

/** a -> c, b and, by a branch, d; c -> e. */
const branching = (strategy: Strategy, first: () => unknown = says('a')) => (options: CompileOptions = {}) =>
  new StateGraph({ said: append<string>() })
    .addNode('a', first as () => object, { ends: ['e'] })
    .addNode('b', says('b'))
    .addNode('c', says('c'))
    .addNode('d', says('d'))
    .addNode('e', says('e'))
    .addEdge(START, 'a')
    .addEdge('a', 'c')
    .addEdge('a', 'b')
    .addConditionalEdges('a', () => 'd', ['d', END])
    .addEdge('c', 'e')
    .compile({ ...options, strategy });

describe('G6: where a node has several successors', () => {
  test.each<[Strategy, string[]]>([
    ['parallel', ['a', 'b', 'c', 'd', 'e']],
    ['pickFirst', ['a', 'c', 'e']],
    ['pickLast', ['a', 'd']],
    ['stopAtBranch', ['a']],
  ])('%s runs %j', (strategy, expected) => {
    expect(heard(branching(strategy)().run({})).last).toEqual({ said: expected });
  });

  test.each<Strategy>(['pickFirst', 'pickLast', 'stopAtBranch'])('%s: what a command says is the pick', (strategy) => {
    expect(heard(branching(strategy, () => command({ goto: 'e' }))().run({})).last).toEqual({ said: ['e'] });
  });

  test.each<Strategy>(['pickFirst', 'stopAtBranch'])('%s: sends all run', (strategy) => {
    const graph = new StateGraph({ said: append<string>() })
      .addNode('each', ({ word }: { readonly word: string }) => ({ said: word }))
      .addConditionalEdges(START, () => [send('each', { word: 'x' }), send('each', { word: 'y' })], ['each'])
      .compile({ strategy });
    expect(heard(graph.run({})).last).toEqual({ said: ['x', 'y'] });
  });

  test('stopAtBranch ends the run as waiting, with the successors', marbles((_, scheduler) => {
    const events = recorder();
    const t = threadOf(branching('stopAtBranch'), scheduler);
    t.run({}, { events });
    expect(events.events.at(-1)).toMatchObject({ type: 'run_end', status: 'interrupted' });
    expect(t.state()).toMatchObject({ next: ['b', 'c', 'd'], interrupts: [{ payload: { successors: ['c', 'b', 'd'] } }] });
    expect(t.run(null).last).toEqual({ said: ['a'] });
  }));

  test('stopAtBranch goes on with the one that a resume names, and with no other word', marbles((_, scheduler) => {
    const t = threadOf(branching('stopAtBranch'), scheduler);
    t.run({});
    expect(t.resume('e').end).toBe('INVALID_INPUT');
    expect(t.resume('c').last).toEqual({ said: ['a', 'c', 'e'] });
  }));

  test('stopAtBranch goes on where command({ goto }) leads', marbles((_, scheduler) => {
    const t = threadOf(branching('stopAtBranch'), scheduler);
    t.run({});
    expect(t.run(command({ goto: 'e' })).last).toEqual({ said: ['a', 'e'] });
  }));
});

describe('G1: input, output and private channels', () => {
  const graph = new StateGraph({ question: lastValue(''), scratch: append<string>(), answer: lastValue('') }, { input: ['question'], output: ['answer'] })
    .addNode('think', ({ question }) => ({ scratch: `about ${question}` }))
    .addNode('reply', ({ scratch }) => ({ answer: scratch.join() }))
    .addEdge(START, 'think')
    .addEdge('think', 'reply')
    .compile();

  test('a run returns the output channels, and nodes read all of them', () => {
    expect(heard(graph.run({ question: 'rain' })).values).toEqual([{ answer: '' }, { answer: '' }, { answer: 'about rain' }]);
  });

  test('a run is given the input channels only', () => {
    expect(heard(graph.run({ scratch: 'x' } as never)).error).toMatchObject({ code: 'INVALID_UPDATE', message: expect.stringContaining("'scratch'") as unknown });
    expect(heard(graph.run(command({ update: { answer: 'x' } }) as never)).end).toBe('INVALID_UPDATE');
  });
});
