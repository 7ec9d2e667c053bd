// Three tasks of one node beside one of another.
import { append } from 'rivulet/channels';
import { send, START, StateGraph } from 'rivulet/pregel';

export const graph = new StateGraph({ said: append() })
  .addNode('item', (n) => ({ said: n }))
  .addNode('other', () => ({ said: 0 }))
  .addEdge(START, 'other')
  .addConditionalEdges(START, () => [1, 2, 3].map((n) => send('item', n)));
