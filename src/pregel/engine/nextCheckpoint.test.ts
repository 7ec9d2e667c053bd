import { expect, test } from '@jest/globals';
import { append } from '../../channels/append.js';
import { END, START } from '../graph/names.js';
import { send } from '../graph/send.js';
import { StateGraph } from '../graph/StateGraph.js';

test('a node that runs twice in the superstep that completes a join counts once there, and not for the next time', async () => {
  const graph = new StateGraph({ ran: append<string>() })
    .addNode('plan', () => ({ ran: 'plan' }))
    .addNode('left', () => ({ ran: 'left' }))
    .addNode('right', (_: unknown) => ({ ran: 'right' }))
    .addNode('both', () => ({ ran: 'both' }))
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', () => ['left', send('right', 1), send('right', 2)] as const)
    .addEdge(['left', 'right'], 'both')
    .addConditionalEdges('both', ({ ran }) => (ran.length < 6 ? 'left' : END))
    .compile();
  const { ran } = await graph.invoke({});
  expect(ran).toEqual(['plan', 'left', 'right', 'right', 'both', 'left']);
});
