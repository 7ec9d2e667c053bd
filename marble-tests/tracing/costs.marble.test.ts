import { describe, expect, test } from '@jest/globals';
import { map, of, throwError, timer } from 'rxjs';
import { append } from '../../src/channels/index.js';
import type { Usage } from '../../src/core/events/RunEvent.js';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withCache } from '../../src/core/flow/withCache.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { ModelError } from '../../src/operators/models/ModelError.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { costs } from '../../src/tracing/costs.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { modelPrices } from '../../src/tracing/prices/modelPrices.js';
import { recorder } from '../eventStory.js';
import { span } from '../../src/tracing/span.js';
import { marbles } from '../marbles.js';

const TABLE = { 'test:big': { input: 10, cachedInput: 1, output: 100, reasoning: 50 }, small: { input: 1, output: 2 } };
const MILLION = 1e6;

/** A model that uses so much, one frame a piece. */
const using = (id: string, usage: Usage, answered?: string): ChatModel => ({
  id,
  capabilities: {},
  stream: () => timer(1).pipe(map(() => messageChunk({ id: 'm', text: 'ok', usage, finishReason: 'stop', ...(answered !== undefined && { metadata: { model: answered } }) }))),
});
const million: Usage = { inputTokens: MILLION, outputTokens: MILLION };

describe('costs', () => {
  test('are those of the tokens: cached ones are among the input, reasoning is among the output', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const usage = { inputTokens: MILLION, cachedInputTokens: 400_000, outputTokens: MILLION, reasoningTokens: 200_000 };
    chat(using('test:big', usage)).run('?', { scheduler, tracer: costs(TABLE)(kept) }).subscribe();
    scheduler.flush();
    const [input, output] = [0.6 * 10 + 0.4 * 1, 0.8 * 100 + 0.2 * 50];
    expect(kept.runs[0]?.extra).toEqual({ currency: 'USD', inputCost: expect.closeTo(input, 9), outputCost: expect.closeTo(output, 9), cost: expect.closeTo(input + output, 9) });
  }));

  test('add up along the tree, each model’s run once', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const small = chat(using('small', million));
    const wrapped = span('wrapped', 'llm', small);
    chain(parallel({ a: small, b: wrapped }), lambda(() => 'x'), chat(using('unknown', million))).run('?', { scheduler, tracer: costs({ ...TABLE, wrapped: { input: 5 } }, { currency: 'EUR' })(kept), runName: 'root' }).subscribe();
    scheduler.flush();
    const told = kept.runs.map(({ name, extra }) => [name, extra['cost'], extra['totalCost']]);
    expect(told.filter(([name]) => name !== 'parallel')).toEqual([['root', undefined, 6], ['small', 3, undefined], ['wrapped', undefined, 3], ['small', 3, undefined], ['unknown', undefined, undefined]]);
    expect(kept.runs[0]?.extra).toEqual({ totalCost: 6, currency: 'EUR' });
  }));

  test('of a graph’s nodes are those of their models', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const ask = chat(using('small', million));
    const graph = new StateGraph({ said: append<string>() }).addNode('ask', (_s, run) => ask.run('?', run).pipe(map(() => ({ said: 'ok' })))).addEdge(START, 'ask').compile();
    graph.run({}, { scheduler, tracer: costs(TABLE)(kept) }).subscribe();
    scheduler.flush();
    expect(kept.runs.map(({ kind, extra }) => [kind, extra['cost'] ?? 0, extra['totalCost']])).toEqual([['graph', 0, 3], ['node', 0, 3], ['llm', 3, undefined]]);
  }));

  test('are those of the attempt that answered, and nothing for an answer from a cache', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const tracer = costs(TABLE)(kept);
    const cached = withCache(chat(using('small', million)));
    for (const runName of ['first', 'again']) {
      chain(lambda((s: string) => s), cached).run('?', { scheduler, tracer, runName }).subscribe();
      scheduler.flush();
    }
    let calls = 0;
    const small = using('small', million);
    const flaky: ChatModel = { ...small, stream: (request, run) => (++calls === 1 ? throwError(() => new ModelError('MODEL_OVERLOADED', 'busy', { provider: 'test' })) : small.stream(request, run)) };
    withRetry(chat(flaky), { initialMs: 1, jitter: 'none' }).run('?', { scheduler, tracer, runName: 'retried' }).subscribe();
    scheduler.flush();
    const roots = kept.runs.filter(({ parentId }) => parentId === undefined);
    expect(roots.map(({ name, extra }) => [name, extra['totalCost']])).toEqual([['first', 3], ['again', undefined], ['retried', 3]]);
  }));

  test('go by the model that answered, else by the one that was asked, else by the run’s name; the longest pattern counts', marbles((_, scheduler) => {
    const totals = [using('small', million, 'large-2025-01-01'), using('small', million, 'large-mini-1'), using('acme:small', million), using('other', million)].map((model) => {
      const kept = memoryTracer();
      chat(model).run('?', { scheduler, tracer: costs({ ...TABLE, 'large*': { input: 100 }, 'large-mini*': { input: 7 } })(kept), runName: 'small talk' }).subscribe();
      scheduler.flush();
      return kept.runs[0]?.extra['cost'];
    });
    expect(totals).toEqual([100, 7, 3, undefined]);
  }));

  test('are known of the models that the library has adapters for', marbles((_, scheduler) => {
    const kept = memoryTracer();
    for (const id of ['openai:gpt-5', 'openai:gpt-5-mini', 'openai:gpt-4o-2024-08-06', 'anthropic:claude-sonnet-4-5-20250929']) chat(using(id, million)).run('?', { scheduler, tracer: costs()(kept) }).subscribe();
    scheduler.flush();
    expect(kept.runs.map(({ extra }) => extra['cost'])).toEqual([11.25, 2.25, 12.5, 18]);
    expect(Object.values(modelPrices).every(({ input, cachedInput = 0 }) => cachedInput < input)).toBe(true);
  }));

  test('are for the tracer alone: other sinks’ events stay as they are', () => {
    const [seen, priced] = [recorder(), recorder()];
    const model: ChatModel = { ...using('small', million), stream: () => of(messageChunk({ id: 'm', text: 'ok', usage: million, finishReason: 'stop' })) };
    chat(model).run('?', { tracer: costs(TABLE)(priced), events: seen }).subscribe();
    expect([seen.events.at(-1), priced.events.at(-1)].map((event) => event && 'extra' in event)).toEqual([false, true]);
  });
});
