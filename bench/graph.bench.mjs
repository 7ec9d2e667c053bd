// What a superstep costs: `npm run build:js && node bench/graph.bench.mjs [filter]`.
//
// How figures are taken: a case and what it is compared with take turns in one process. Each is warmed up for half a second, since
// until V8 has compiled it a first run costs some ten times as much. A figure is the median of 7 rounds of at least 50 ms, in
// microseconds of CPU time for one step or task: the collector's threads count, and what else the machine does doesn't. Compare
// differences and ratios within one run, not figures between runs.
import { expand, EMPTY, from, last, lastValueFrom, map, mergeMap, of, scan } from 'rxjs';
import { aggregate, append, lastValue } from 'rivulet/channels';
import { END, memoryCheckpointer, send, START, StateGraph } from 'rivulet/pregel';

const filter = process.argv[2] ?? '';
const ROUNDS = 7;
const ROUND_MS = 50;
const WARM_MS = 500;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const cpuUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Runs it until so much time has gone; what one of its units took. */
async function timedUs({ run, units }, forMs) {
  const start = cpuUs();
  let runs = 0;
  do {
    await run();
    runs++;
  } while (cpuUs() - start < forMs * 1000);
  return (cpuUs() - start) / runs / units;
}

/** The medians of cases that take turns. */
async function figures(...cases) {
  for (const one of cases) await timedUs(one, WARM_MS);
  const rounds = cases.map(() => []);
  for (let round = 0; round < ROUNDS; round++) for (const [at, one] of cases.entries()) rounds[at].push(await timedUs(one, ROUND_MS));
  return rounds.map(median);
}

const us = (value) => `${value.toFixed(2).padStart(7)} µs`;

function report(name, figure, value, limit, against = '') {
  console.log(`${name.padEnd(44)} ${figure}  limit ${String(limit).padEnd(4)} ${value <= limit ? 'kept    ' : 'EXCEEDED'} ${against}`);
}

async function costs(name, ours, limit) {
  if (!name.includes(filter)) return;
  const [figure] = await figures(ours);
  report(name, us(figure), figure, limit);
}

/** The limit is for what it costs above hand-written RxJS. */
async function costsAboveRaw(name, ours, raw, limit) {
  if (!name.includes(filter)) return;
  const [figure, rawFigure] = await figures(ours, raw);
  report(name, us(figure), figure - rawFigure, limit, `raw RxJS ${us(rawFigure)}, above it ${us(figure - rawFigure)}`);
}

/** The limit is for how many times as much a unit of the large one costs. */
async function staysFlat(name, small, large, limit) {
  if (!name.includes(filter)) return;
  const [few, many] = await figures(small, large);
  report(name, us(many), many / few, limit, `${us(few)} before, ${(many / few).toFixed(2)} times`);
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
  return { units: steps, run: () => lastValueFrom(graph.run({ n: 0 }, { recursionLimit: steps + 1 })) };
}

const rawLoop = (node, steps) => ({ units: steps, run: () => lastValueFrom(of({ n: 0 }).pipe(expand((s) => (s.n >= steps ? EMPTY : from(node(s)))), last())) });

const sync = ({ n }) => ({ n: n + 1 });
const async = async ({ n }) => ({ n: n + 1 });
for (const [channels, limitSync, limitAsync] of [[1, 5, 8], [60, 5, 8], [300, 25, 25]]) {
  await costs(`loop, sync, ${channels} channels`, loop(channels, sync, 10_000), limitSync);
  await costs(`loop, promises, ${channels} channels`, loop(channels, async, 10_000), limitAsync);
}
await costs('loop, raw RxJS, promises', rawLoop(async, 10_000), 8);
await staysFlat('loop, sync, 1,000,000 steps (10,000)', loop(1, sync, 10_000), loop(1, sync, 1_000_000), 1.3);

/** A node that sends `count` tasks. */
function fanOut(count, list, work) {
  const graph = new StateGraph({ out: list })
    .addNode('plan', () => undefined)
    .addNode('work', async ({ i }) => ({ out: [await work(i)] }))
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', () => Array.from({ length: count }, (_, i) => send('work', { i })))
    .compile();
  return { units: count, run: () => lastValueFrom(graph.run({})) };
}

const indices = (count) => Array.from({ length: count }, (_, i) => i);
const rawFanOut = (count, work) => ({ units: count, run: () => lastValueFrom(from(indices(count)).pipe(mergeMap((i) => from(work(i))), map((x) => [x]), scan((a, b) => a.concat(b), []), last())) });

const double = async (i) => i * 2;
for (const count of [100, 1_000, 10_000]) {
  await costsAboveRaw(`fan-out to ${count}, append`, fanOut(count, append(), double), rawFanOut(count, double), 6);
  await costsAboveRaw(`fan-out to ${count}, own reducer`, fanOut(count, aggregate((a, b) => a.concat(b), []), double), rawFanOut(count, double), 6);
}
await staysFlat('fan-out to 100,000, append (10,000)', fanOut(10_000, append(), double), fanOut(100_000, append(), double), 2);

/** A row of nodes, one after the other. */
function row(nodes) {
  const graph = new StateGraph({ n: lastValue(0) }).addSequence(Array.from({ length: nodes }, (_, i) => [`n${i}`, sync])).addEdge(START, 'n0').compile();
  return { units: nodes, run: () => lastValueFrom(graph.run({ n: 0 }, { recursionLimit: nodes })) };
}
await staysFlat('a sequence of 1,000 nodes (100)', row(100), row(1_000), 1.3);

/** Layers of parallel nodes, a join after each. */
function wide(width, layers) {
  const builder = new StateGraph({ count: aggregate('sum', 0) });
  let above = START;
  for (let layer = 0; layer < layers; layer++) {
    const names = Array.from({ length: width }, (_, i) => `n${layer}_${i}`);
    for (const name of names) builder.addNode(name, async () => ({ count: 1 })).addEdge(above, name);
    above = `join${layer}`;
    builder.addNode(above, () => undefined).addEdge(names, above);
  }
  const graph = builder.compile();
  return { units: width * layers, run: () => lastValueFrom(graph.run({}, { recursionLimit: 2 * layers })) };
}
await staysFlat('wide, 10 layers of 100 nodes (10)', wide(10, 10), wide(100, 10), 1.3);
await staysFlat('wide, 100 layers of 10 nodes (10)', wide(10, 10), wide(10, 100), 1.3);

/** A step that appends a message, with a commit in memory. */
function checkpointed(steps) {
  const run = () => {
    const graph = new StateGraph({ messages: append() })
      .addNode('agent', async ({ messages }) => ({ messages: { role: 'assistant', content: `message ${messages.length}` } }))
      .addEdge(START, 'agent')
      .addConditionalEdges('agent', ({ messages }) => (messages.length < steps ? 'agent' : END))
      .compile({ checkpointer: memoryCheckpointer() });
    return lastValueFrom(graph.run({}, { thread: 't', recursionLimit: steps }));
  };
  return { units: steps, run };
}
await costs('checkpoints in memory, 1,000 steps', checkpointed(1_000), 25);
await staysFlat('checkpoints in memory, 1,000 steps (100)', checkpointed(100), checkpointed(1_000), 1.3);
