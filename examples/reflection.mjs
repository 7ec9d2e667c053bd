// Reflection: one model writes, another criticises, and the first writes again, in a cycle, until the critic has nothing to add.
//   node examples/reflection.mjs
import process from 'node:process';
import { chain, chat, lambda, scripted, text, toAsyncIterable } from 'rivulet';
import { append, lastValue } from 'rivulet/channels';
import { END, START, StateGraph } from 'rivulet/pregel';
import { isProgram } from './streamAnswer.mjs';

const ACCEPTED = 'Accepted';
const MAX_DRAFTS = 4;

/** What the writer is asked: the first time by the topic, then with its last draft and what the critic said of it. */
const brief = lambda(({ topic, drafts, critiques }) =>
  drafts.length === 0 ? `Write a sentence about ${topic}.` : `You wrote: ${drafts.at(-1)}\nThe critic says: ${critiques.at(-1)}\nWrite it again.`,
);

const criticism = lambda((drafts) => `Criticise this sentence about its reasons and examples, or say "${ACCEPTED}": ${drafts.at(-1)}`);

/** A graph of two flows. Every draft and every critique stays in the state. */
export function reflection(writer, critic) {
  return new StateGraph({ topic: lastValue(''), drafts: append(), critiques: append() })
    .addNode('write', chain(brief, chat(writer), text()), { writes: 'drafts' })
    .addNode('criticise', chain(criticism, chat(critic), text()), { reads: 'drafts', writes: 'critiques' })
    .addEdge(START, 'write')
    .addEdge('write', 'criticise')
    .addConditionalEdges('criticise', ({ drafts, critiques }) => (critiques.at(-1).startsWith(ACCEPTED) || drafts.length === MAX_DRAFTS ? END : 'write'), ['write', END])
    .compile({ name: 'reflection' });
}

const SENTENCE = 'Demand travels up the subscription';
const REASON = `${SENTENCE}, because only a source that knows who waits can wait itself`;

/** Replace both by `openai(…)` or `anthropic(…)`, and nothing else changes. */
export const writer = scripted(
  [
    { when: 'give an example', reply: `${REASON}: a model, for example, stops reading its socket while your page is busy.` },
    { when: 'say why', reply: `${REASON}.` },
    { reply: `${SENTENCE}.` },
  ],
  { paceMs: 20 },
);

/** Reads the sentence after the colon, and what it lacks. */
export const critic = scripted(
  [
    { when: /": (?!.*because)/, reply: 'It gives no reason: say why.' },
    { when: /": (?!.*for example)/, reply: 'It stays abstract: give an example.' },
    { reply: `${ACCEPTED}: it is short, and says why.` },
  ],
  { paceMs: 20 },
);

if (isProgram(import.meta.url)) {
  for await (const event of toAsyncIterable(reflection(writer, critic).events({ topic: 'backpressure' }))) {
    if (event.type === 'node_start') process.stdout.write(`\n${event.node}: `);
    if (event.type === 'token') process.stdout.write(event.text);
  }
  process.stdout.write('\n');
}
