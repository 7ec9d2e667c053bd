// Stops before it publishes; two people are asked at once.
import { append } from 'rivulet/channels';
import { START, StateGraph } from 'rivulet/pregel';
import { map } from 'rxjs';

const asks = (who) => (_, run) => run.interrupt(`${who}?`, { schema: { type: 'boolean' }, ttlMs: 60_000 }).pipe(map((ok) => ({ said: `${who}: ${ok}` })));

export default (checkpointer) =>
  new StateGraph({ said: append() })
    .addNode('ann', asks('ann'))
    .addNode('bob', asks('bob'))
    .addNode('publish', () => ({ said: 'published' }))
    .addEdge(START, 'ann')
    .addEdge(START, 'bob')
    .addEdge(['ann', 'bob'], 'publish')
    .compile({ checkpointer, interruptBefore: ['publish'] });
