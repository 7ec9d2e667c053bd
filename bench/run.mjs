// Rivulet's own micro-benchmarks: `npm run bench [-- filter]`. Each prints the median of rounds that take turns with its
// baseline, so that both see the same machine. Compare ratios within one run, not figures between runs.
import { from, lastValueFrom, map, mergeMap, of } from 'rxjs';
import { chain, chat, json, lambda, mapAsync, messageChunk, prompt, pull, pullAsync, text } from 'rivulet';

const filter = process.argv[2] ?? '';
const ROUNDS = 9;

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const complete = (observable) => new Promise((resolve, reject) => observable.subscribe({ complete: resolve, error: reject }));

async function timed(run, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) await run();
  return ((performance.now() - start) * 1000) / times;
}

/** @param units how many things one call does: figures are microseconds for one of them */
async function compare(name, { times, units, ours, baseline }) {
  if (!name.includes(filter)) return;
  const rounds = { ours: [], baseline: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const pair = { ours: await timed(ours, times), baseline: baseline && (await timed(baseline, times)) };
    if (round === 0) continue; // warm-up
    rounds.ours.push(pair.ours / units);
    if (baseline) rounds.baseline.push(pair.baseline / units);
  }
  const us = median(rounds.ours);
  const against = baseline ? `  baseline ${median(rounds.baseline).toFixed(3)} µs  ratio ${(us / median(rounds.baseline)).toFixed(2)}` : '';
  console.log(`${name.padEnd(44)} ${us.toFixed(3)} µs${against}`);
}

async function* tokens(count) {
  for (let i = 0; i < count; i++) yield 'tok ';
}

for (const steps of [3, 10]) {
  const flow = chain(...Array.from({ length: steps }, () => lambda((x) => x + 1)));
  const raw = Array.from({ length: steps }, () => map((x) => x + 1));
  await compare(`invoke, ${steps} steps (raw RxJS)`, { times: 5000, units: 1, ours: () => flow.invoke(1), baseline: () => lastValueFrom(of(1).pipe(...raw)) });
}

const COUNT = 10_000;
const model = { id: 'bench', capabilities: {}, stream: () => pullAsync(tokens(COUNT)).pipe(map((piece) => messageChunk({ id: 'm', text: piece }))) };
const ask = chain(prompt('{q}'), chat(model), text());
const rawAsk = () => of('hi').pipe(map((q) => [q]), mergeMap(() => from(tokens(COUNT))), map((content) => ({ content })), map((chunk) => chunk.content));
await compare('token, by subscribe (raw RxJS)', { times: 3, units: COUNT, ours: () => complete(ask.run({ q: 'hi' })), baseline: () => complete(rawAsk()) });
await compare('token, by for await (raw async generator)', {
  times: 3,
  units: COUNT,
  ours: async () => {
    for await (const _ of ask.stream({ q: 'hi' }));
  },
  baseline: async () => {
    for await (const _ of tokens(COUNT));
  },
});

const items = Array.from({ length: 100_000 }, (_, i) => i);
await compare('mapAsync, synchronous (mergeMap)', {
  times: 1,
  units: items.length,
  ours: () => complete(pull(items).pipe(mapAsync((x) => of(x), { concurrency: 8 }))),
  baseline: () => complete(from(items).pipe(mergeMap((x) => of(x), 8))),
});

const document = JSON.stringify(Array.from({ length: 20_000 }, (_, id) => ({ id, name: `item ${id}`, tags: ['a', 'b'], score: id / 3 })));
const pieces = document.match(/[^]{1,40}/g);
await compare(`json, a token of 40 characters (JSON.parse once)`, {
  times: 1,
  units: pieces.length,
  ours: () => complete(pull(pieces).pipe(json())),
  baseline: () => JSON.parse(document),
});

const tracer = { next: () => undefined };
const once = chain(chat({ ...model, stream: () => of(messageChunk({ id: 'm', text: 'hi' })) }), text());
await compare('run of three spans, traced (not traced)', { times: 5000, units: 1, ours: () => complete(once.run('x', { tracer })), baseline: () => complete(once.run('x')) });
