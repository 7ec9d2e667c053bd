// What tracing costs: `npm run bench:tracing`. Each case is run with and without a tracer, turn by turn, in CPU time, so that both
// see the same machine; LangChain.js runs the same chain with its own handler. Compare differences and ratios within one run.
import { RunnableLambda } from '@langchain/core/runnables';
import { RunCollectorCallbackHandler } from '@langchain/core/tracers/run_collector';
import { firstValueFrom, lastValueFrom, Observable } from 'rxjs';
import { chain, chat, lambda, messageChunk, prompt, scripted, text } from 'rivulet';
import { langsmithTracer, memoryTracer, span } from 'rivulet/tracing';

const ROUNDS = 15;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function cpuUs(work, units) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / units;
}

/** The medians of several cases, each a unit of work, taken in turns. */
async function inTurns(units, cases) {
  const taken = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = -3; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(cases)) {
      const us = await cpuUs(work, units);
      if (round >= 0) taken[name].push(us);
    }
  }
  return Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, median(values)]));
}

const kept = (ok) => (ok ? 'kept' : 'EXCEEDED');

// A chain of three steps, each a span, and the run itself: four runs.
const RUNS = 2_000;
const step = (n) => n + 1;
const plain = chain(...Array.from({ length: 3 }, () => span('step', 'tool', lambda(step))));
const times = (count, once) => async () => {
  for (let i = 0; i < count; i++) await once(i);
};
const tracer = memoryTracer({ maxRuns: 1_000 });

// LangChain's own handler that keeps runs in memory, called as the run goes, so that its cost isn't another's.
process.env.LANGCHAIN_CALLBACKS_BACKGROUND = 'false';
const theirs = RunnableLambda.from(step).pipe(RunnableLambda.from(step)).pipe(RunnableLambda.from(step));
const handler = new RunCollectorCallbackHandler();

const chains = await inTurns(RUNS, {
  untraced: times(RUNS, (i) => firstValueFrom(plain.run(i))),
  traced: times(RUNS, (i) => firstValueFrom(plain.run(i, { tracer }))),
  theirsUntraced: times(RUNS / 10, (i) => theirs.invoke(i)),
  theirsTraced: async () => {
    handler.tracedRuns.length = 0;
    await times(RUNS / 10, (i) => theirs.invoke(i, { callbacks: [handler] }))();
  },
});
const spanUs = (chains.traced - chains.untraced) / 4;
const theirSpanUs = ((chains.theirsTraced - chains.theirsUntraced) * 10) / 4;
console.log(`a span, memoryTracer              ${spanUs.toFixed(2)} µs   limit 4 ${kept(spanUs <= 4)}`);
console.log(`a run, LangChain.js with a tracer  ${theirSpanUs.toFixed(2)} µs   ${(theirSpanUs / spanUs).toFixed(1)} times that, at least 10 ${kept(theirSpanUs >= 10 * spanUs)}`);

// A model's answer of many tokens.
const TOKENS = 100_000;
const model = {
  id: 'tokens',
  capabilities: {},
  stream: () =>
    new Observable((subscriber) => {
      for (let i = 0; i < TOKENS && !subscriber.closed; i++) subscriber.next(messageChunk({ id: 'm', text: 'word ' }));
      subscriber.complete();
    }),
};
const talk = chat(model);
const tokens = await inTurns(TOKENS, {
  untraced: () => lastValueFrom(talk.run('hi')),
  traced: () => lastValueFrom(talk.run('hi', { tracer })),
});
const tokenUs = tokens.traced - tokens.untraced;
console.log(`a token, memoryTracer             ${tokenUs.toFixed(3)} µs  limit 0.15 ${kept(tokenUs <= 0.15)}   untraced ${tokens.untraced.toFixed(3)} µs`);

// A model that takes its time, and a server of traces that isn't there.
const slow = chain(prompt('{q}'), chat(scripted([{ reply: 'a b c d e f g h' }], { paceMs: 5 })), text());
const dead = langsmithTracer({ endpoint: 'http://127.0.0.1:9', apiKey: 'none' });
const warn = console.warn;
console.warn = () => undefined; // that it drops is what it is to say
const latency = { untraced: [], traced: [] };
for (let i = 0; i < 120; i++) {
  for (const [name, config] of [['untraced', {}], ['traced', { tracer: dead }]]) {
    const start = performance.now();
    await slow.invoke({ q: 'hi' }, config);
    if (i >= 20) latency[name].push(performance.now() - start);
  }
}
console.warn = warn;
const slower = median(latency.traced) / median(latency.untraced) - 1;
console.log(`a run of ${median(latency.untraced).toFixed(1)} ms, langsmithTracer to a dead server  ${(slower * 100).toFixed(1)} % longer, at most 5 ${kept(slower <= 0.05)}`);
process.exit(0); // what is left for the dead server isn't waited for
