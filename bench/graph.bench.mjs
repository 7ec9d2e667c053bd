// What a superstep costs: `npm run build:js && node bench/graph.bench.mjs [filter]`. Hand-written RxJS takes turns with
// the graph, so that both see the same machine. Compare differences within one run, not figures between runs.
import { expand, EMPTY, from, last, lastValueFrom, map, mergeMap, of, scan } from 'rxjs';
import { aggregate, append, lastValue } from 'rivulet/channels';
import { END, memoryCheckpointer, send, START, StateGraph } from 'rivulet/pregel';

const filter = process.argv[2] ?? '';
const ROUNDS = 7;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function timedUs(run, units) {
  const start = performance.now();
  await run();
  return ((performance.now() - start) * 1000) / units;
}

/** @param limitUs of what the graph costs above the baseline, if there is one, for each unit */
async function compare(name, { units, ours, baseline, limitUs }) {
  if (!name.includes(filter)) return;
  const rounds = { ours: [], baseline: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const oursUs = await timedUs(ours, units);
    const baselineUs = baseline ? await timedUs(baseline, units) : 0;
    if (round === 0) continue; // warm-up
    rounds.ours.push(oursUs);
    rounds.baseline.push(baselineUs);
  }
  const us = median(rounds.ours);
  const rawUs = median(rounds.baseline);
  const above = us - rawUs;
  const against = baseline ? `  raw RxJS ${rawUs.toFixed(2)} µs, above it ${above.toFixed(2)}` : '';
  console.log(`${name.padEnd(34)} ${us.toFixed(2).padStart(7)} µs  limit ${limitUs} ${above <= limitUs ? 'kept' : 'EXCEEDED'}${against}`);
}

/** a <-> b until the counter is there, beside `channels - 1` channels that nobody touches. */
function loop(channels, node, steps) {
  const idle = Object.fromEntries(Array.from({ length: channels - 1 }, (_, i) => [`c${i}`, lastValue(i)]));
  const graph = new StateGraph({ n: lastValue(0), ...idle })
    .addNode('a', node)
    .addNode('b', node)
    .addEdge(START, 'a')
    .addConditionalEdges('a', ({ n }) => (n < steps ? 'b' : END), ['b', END])
    .addConditionalEdges('b', ({ n }) => (n < steps ? 'a' : END), ['a', END])
    .compile();
  return () => lastValueFrom(graph.run({ n: 0 }, { recursionLimit: steps + 1 }));
}

const rawLoop = (node, steps) => () => lastValueFrom(of({ n: 0 }).pipe(expand((s) => (s.n >= steps ? EMPTY : from(node(s)))), last()));

const sync = ({ n }) => ({ n: n + 1 });
const async = async ({ n }) => ({ n: n + 1 });
for (const [channels, limitSync, limitAsync] of [[1, 5, 8], [60, 5, 8], [300, 25, 25]]) {
  await compare(`loop, sync, ${channels} channels`, { units: 10_000, ours: loop(channels, sync, 10_000), limitUs: limitSync });
  await compare(`loop, promises, ${channels} channels`, { units: 10_000, ours: loop(channels, async, 10_000), limitUs: limitAsync });
}
await compare('loop, sync, 1,000,000 steps', { units: 1_000_000, ours: loop(1, sync, 1_000_000), limitUs: 5 });
await compare('loop, raw RxJS, promises', { units: 10_000, ours: rawLoop(async, 10_000), limitUs: 8 });

function fanOut(count, list, work) {
  const graph = new StateGraph({ out: list })
    .addNode('plan', () => undefined)
    .addNode('work', async ({ i }) => ({ out: [await work(i)] }))
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', () => Array.from({ length: count }, (_, i) => send('work', { i })))
    .compile();
  return () => lastValueFrom(graph.run({}));
}

const rawFanOut = (count, work) => () =>
  lastValueFrom(from(Array.from({ length: count }, (_, i) => i)).pipe(mergeMap((i) => from(work(i))), map((x) => [x]), scan((a, b) => a.concat(b), []), last()));

const double = async (i) => i * 2;
for (const count of [100, 1_000, 10_000]) {
  const baseline = rawFanOut(count, double);
  await compare(`fan-out to ${count}, append`, { units: count, ours: fanOut(count, append(), double), baseline, limitUs: 6 });
  await compare(`fan-out to ${count}, own reducer`, { units: count, ours: fanOut(count, aggregate((a, b) => a.concat(b), []), double), baseline, limitUs: 6 });
}
await compare('fan-out to 100000, append', { units: 100_000, ours: fanOut(100_000, append(), double), limitUs: 10 });

/** A row of nodes, one after the other. */
function row(nodes) {
  const graph = new StateGraph({ n: lastValue(0) }).addSequence(Array.from({ length: nodes }, (_, i) => [`n${i}`, sync])).addEdge(START, 'n0').compile();
  return () => lastValueFrom(graph.run({ n: 0 }, { recursionLimit: nodes }));
}
await compare('a sequence of 10 nodes', { units: 10, ours: row(10), limitUs: 30 });
await compare('a sequence of 1,000 nodes', { units: 1_000, ours: row(1_000), limitUs: 10 });

/** A step that appends a message, with a commit in memory. */
function checkpointed(steps) {
  return () => {
    const graph = new StateGraph({ messages: append() })
      .addNode('agent', ({ messages }) => ({ messages: { role: 'assistant', content: `message ${messages.length}` } }))
      .addEdge(START, 'agent')
      .addConditionalEdges('agent', ({ messages }) => (messages.length < steps ? 'agent' : END))
      .compile({ checkpointer: memoryCheckpointer() });
    return lastValueFrom(graph.run({}, { thread: 't', recursionLimit: steps }));
  };
}
await compare('checkpoints in memory, 1,000 steps', { units: 1_000, ours: checkpointed(1_000), limitUs: 25 });
