// `npm run soak:tracing`: scripts/soak.mjs bundles and runs it.
import { judge, type Outcome } from './Arrivals.js';
import { latencies } from './latency.js';
import { realLangsmith, realOtel } from './realOutages.js';
import { outageOf, refusing, removed, stuck } from './refusingDisks.js';
import { Table } from './Table.js';
import { virtualLangsmith, virtualOtel, virtualOutage, weathers } from './virtualOutages.js';

const table = new Table();
const RUNS = '10,000 runs';

for (const [tracer, make] of Object.entries({ langsmithTracer: virtualLangsmith, otelTracer: virtualOtel })) {
  for (const [weather, fate] of Object.entries(weathers)) judge(table, `${tracer}: ${RUNS} of 20 kB in two virtual minutes to a receiver ${weather}`, await virtualOutage(make, fate));
  judge(table, `${tracer}: the same of letters that take two bytes, to a receiver dead for a minute`, await virtualOutage(make, weathers['dead for a minute'], 'utf16le'));
}
for (const [tracer, make] of Object.entries<() => Promise<Outcome>>({ langsmithTracer: realLangsmith, otelTracer: realOtel })) {
  judge(table, `${tracer}: ${RUNS} to a real server with outages of 200 ms`, await make());
}
for (const [disk, make] of Object.entries({ 'whose directory is gone': removed, 'that refuses to be written': refusing, 'whose writes don’t return': stuck })) {
  const outcome = await outageOf(make());
  judge(table, `fileTracer: ${RUNS} of 20 kB to a disk ${disk} for a while`, outcome);
  table.atMost('another file meanwhile', outcome.otherFileMs, 100, 'ms');
}
await latencies(table);
if (table.exceeded > 0) process.exitCode = 1;
