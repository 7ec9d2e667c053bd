// Writes drafts until a person likes one.
import { append, lastValue } from 'rivulet/channels';
import { END, START, StateGraph } from 'rivulet/pregel';

export const graph = new StateGraph({ draft: lastValue(''), notes: append(), ok: lastValue(false) })
  .addNode('write', ({ notes }) => ({ draft: `draft ${notes.length + 1}` }))
  .addNode('review', async ({ draft }, run) => {
    const answer = await run.answer({ publish: draft });
    return answer === true ? { ok: true } : { notes: answer };
  })
  .addEdge(START, 'write')
  .addEdge('write', 'review')
  .addConditionalEdges('review', ({ ok }) => (ok ? END : 'write'), ['write', END]);
