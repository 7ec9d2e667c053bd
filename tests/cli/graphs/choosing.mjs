// Stops where two nodes could go on, for a person to choose.
import { append } from 'rivulet/channels';
import { START, StateGraph } from 'rivulet/pregel';

export default (checkpointer) =>
  new StateGraph({ said: append() })
    .addNode('a', () => ({ said: 'a' }))
    .addNode('b', () => ({ said: 'b' }))
    .addNode('c', () => ({ said: 'c' }))
    .addEdge(START, 'a')
    .addEdge('a', 'b')
    .addEdge('a', 'c')
    .compile({ checkpointer, strategy: 'stopAtBranch' });
