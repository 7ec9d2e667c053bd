import { chain, chat, prompt, scripted, text } from 'rivulet';
import { otelTracer } from 'rivulet/otel';
import { fileTracer, langsmithTracer, type Tracer } from 'rivulet/tracing';
import { LangsmithServer } from '../langsmithServer.js';
import { Reports } from './Arrivals.js';
import { removed } from './refusingDisks.js';
import type { Table } from './Table.js';

const WARM_UP = 20;
const TURNS = 100;

/** A model that takes its time over an answer, asked much. */
const program = chain(prompt('{q}'), chat(scripted([{ reply: 'a b c d e f g h' }], { paceMs: 5 })), text());
const question = { q: 'why? '.repeat(4_000) };

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

async function msOf(tracer: Tracer | undefined): Promise<number> {
  const start = performance.now();
  await program.invoke(question, tracer ? { tracer } : {});
  return performance.now() - start;
}

/** By how much a program takes longer with a tracer: with and without it in turns, so that both see the same machine. */
async function longer(tracer: Tracer): Promise<number> {
  const [untraced, traced]: [number[], number[]] = [[], []];
  for (let turn = -WARM_UP; turn < TURNS; turn++) {
    const pair = [await msOf(undefined), await msOf(tracer)] as const;
    if (turn < 0) continue;
    untraced.push(pair[0]);
    traced.push(pair[1]);
  }
  return 100 * (median(traced) / median(untraced) - 1);
}

/** Where nobody listens any more. */
async function closedPort(): Promise<string> {
  const server = await new LangsmithServer().listen();
  const { url } = server;
  await server.close();
  return url;
}

/** A program's own time, while its traces have nowhere to go. */
export async function latencies(table: Table): Promise<void> {
  const disk = removed();
  const reports = new Reports();
  const file = fileTracer(disk.file);
  disk.fail();
  const nowhere = await closedPort();
  table.title('A program of 45 ms, its traces refused, against the same untraced, in turns');
  table.atMost('langsmithTracer, longer by', await longer(langsmithTracer({ endpoint: nowhere, apiKey: 'none' })), 5, '%');
  table.atMost('otelTracer, longer by', await longer(otelTracer({ url: `${nowhere}/v1/traces` })), 5, '%');
  table.atMost('fileTracer, longer by', await longer(file), 5, '%');
  reports.end();
  disk.mend();
  await file.flush();
  disk.leave();
}
