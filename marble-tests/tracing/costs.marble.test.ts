import { describe, expect, test } from '@jest/globals';
import { concat, map, of, switchMap, take, throwError, timer, type Observable } from 'rxjs';
import { z } from 'zod';
import { append } from '../../src/channels/index.js';
import type { Usage } from '../../src/core/events/RunEvent.js';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withCache } from '../../src/core/flow/withCache.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import type { MessageChunk } from '../../src/operators/messages/Message.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { ModelError } from '../../src/operators/models/ModelError.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { text } from '../../src/operators/parsers/text.js';
import { embed } from '../../src/operators/retrieval/embed.js';
import type { Embeddings } from '../../src/operators/retrieval/embeddings.js';
import { tool } from '../../src/operators/tools/tool.js';
import { toolLoop } from '../../src/operators/tools/toolLoop.js';
import { transcript } from '../../src/operators/tools/transcript.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { costs } from '../../src/tracing/costs.js';
import { drawTree } from '../../src/tracing/drawing/drawTree.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { modelPrices } from '../../src/tracing/prices/modelPrices.js';
import { recorder } from '../eventStory.js';
import { span } from '../../src/tracing/span.js';
import { marbles } from '../marbles.js';

const TABLE = {
  'test:big': { input: 10, cachedInput: 1, cacheWrite: 12, longCacheWrite: 20, output: 100, reasoning: 50 },
  small: { input: 1, output: 2 },
  vectors: { input: 3 },
};
const MILLION = 1e6;

/** A model that uses so much, one frame a piece. */
const using = (id: string, usage: Usage, answered?: string): ChatModel => ({
  id,
  capabilities: {},
  stream: () => timer(1).pipe(map(() => messageChunk({ id: 'm', text: 'ok', usage, finishReason: 'stop', ...(answered !== undefined && { metadata: { model: answered } }) }))),
});
/** One that answers at once. */
const answering = (id: string, usage: Usage): ReturnType<typeof chat> => chat({ id, capabilities: {}, stream: () => of(messageChunk({ id: 'm', text: 'ok', usage, finishReason: 'stop' })) });
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

  test('are more for what is written to the cache, and more again for what stays there', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const usage = { inputTokens: MILLION, cachedInputTokens: 400_000, cacheWriteTokens: 300_000, longCacheWriteTokens: 100_000, outputTokens: 0 };
    chat(using('test:big', usage)).run('?', { scheduler, tracer: costs(TABLE)(kept) }).subscribe();
    scheduler.flush();
    expect(kept.runs[0]?.extra['cost']).toBeCloseTo(0.3 * 10 + 0.4 * 1 + 0.2 * 12 + 0.1 * 20, 9);
  }));

  test.each([
    [200_000, 0.2 * 1 + 1 * 2],
    [200_001, 0.200001 * 4 + 1 * 3],
  ])('of a long input of %i tokens are those that the whole call has then: %d', (inputTokens, cost) => {
    const kept = memoryTracer();
    const long = { input: 1, output: 2, long: { above: 200_000, input: 4, output: 3 } };
    answering('small', { inputTokens, outputTokens: MILLION }).run('?', { tracer: costs({ small: long })(kept) }).subscribe();
    expect(kept.runs[0]?.extra['cost']).toBeCloseTo(cost, 9);
  });

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

  test('are those of each attempt that told what it used, also of one that failed then', marbles((_, scheduler) => {
    const kept = memoryTracer();
    let calls = 0;
    const small = using('small', million);
    const busy = (): Observable<never> => throwError(() => new ModelError('MODEL_OVERLOADED', 'busy', { provider: 'test' }));
    const failing: ChatModel = { ...small, stream: (request, run) => (++calls < 3 ? concat(small.stream(request, run), busy()) : small.stream(request, run)) };
    withRetry(chat(failing), { initialMs: 1, jitter: 'none', restart: true }).run('?', { scheduler, tracer: costs(TABLE)(kept), runName: 'retried' }).subscribe();
    scheduler.flush();
    expect(kept.runs.map(({ kind, status, attempt, extra }) => [kind, status, attempt, extra['cost'], extra['totalCost']])).toEqual([
      ['chain', 'ok', 1, undefined, 9],
      ['llm', 'error', 1, 3, undefined],
      ['llm', 'error', 2, 3, undefined],
      ['llm', 'ok', 3, 3, undefined],
    ]);
  }));

  test('are nothing for an answer from a cache, whatever asked for it', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const cached = withCache(chat(using('small', million)));
    for (const runName of ['first', 'again']) {
      cached.run('?', { scheduler, tracer: costs(TABLE)(kept), runName }).subscribe();
      scheduler.flush();
    }
    const spent = kept.runs.map(({ extra }) => Number(extra['cost'] ?? 0)).reduce((a, b) => a + b);
    expect(spent).toBe(3);
  }));

  test('aren’t made up for a run that was left before it told what it used', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const slow: ChatModel = { ...using('small', million), stream: () => concat(of(messageChunk({ id: 'm', text: 'o' })), using('small', million).stream({ messages: [] }, undefined as never)) };
    chain(lambda((s: string) => s), chat(slow), text()).run('?', { scheduler, tracer: costs(TABLE)(kept) }).pipe(take(1)).subscribe();
    scheduler.flush();
    expect(kept.runs.map(({ kind, status, extra }) => [kind, status, extra])).toEqual([['chain', 'cancelled', {}], ['llm', 'cancelled', {}], ['parser', 'cancelled', {}]]);
  }));

  test.each([
    ['that is not a number', { inputTokens: NaN }],
    ['without end', { outputTokens: Infinity }],
    ['below nothing', { inputTokens: -MILLION }],
    ['of which a part is below nothing', { reasoningTokens: -1 }],
    ['as a text', { inputTokens: '7' as never }],
    ['greater than can be counted', { outputTokens: 1e308 }],
    ['that says nothing', { inputTokens: undefined as never }],
  ])('aren’t told of a usage %s, and totals stay what they are', (_what, odd: Partial<Usage>) => {
    const kept = memoryTracer();
    const both = parallel({ odd: answering('small', { ...million, ...odd }), sound: answering('small', million) });
    both.run('?', { tracer: costs(TABLE)(kept), runName: 'both' }).subscribe();
    expect(kept.runs.map(({ name, extra }) => [name, extra['cost'], extra['totalCost']])).toEqual([['both', undefined, 3], ['small', undefined, undefined], ['small', 3, undefined]]);
    expect(String(drawTree(kept.trees()))).not.toMatch(/NaN|Infinity/);
  });

  test('of a loop of tools are those of its turns, though its answer tells of them again', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const call = (id: string): MessageChunk => messageChunk({ id, toolCalls: [{ index: 0, id: 'c', name: 'ask', args: '{}' }], usage: million, finishReason: 'tool_calls' });
    const asked: ChatModel = { ...using('small', million), stream: ({ messages }, run) => (messages.length > 1 ? using('small', million).stream({ messages }, run) : of(call('t'))) };
    const ask = tool({ name: 'ask', description: 'asks another', input: z.object({}), run: (_args, run) => chat(using('test:big', { inputTokens: MILLION, outputTokens: 0 })).run('?', run).pipe(map(() => 'ok')) });
    chain(toolLoop(asked, [ask]), transcript()).run('?', { scheduler, tracer: costs(TABLE)(kept) }).subscribe();
    scheduler.flush();
    const told = kept.runs.map(({ kind, name, extra }) => [kind, name, extra['cost'] ?? extra['totalCost']]);
    expect(told.filter(([kind]) => kind !== 'parser')).toEqual([['chain', expect.anything(), 16], ['agent', 'toolLoop', 16], ['llm', 'small', 3], ['tool', 'ask', 10], ['llm', 'test:big', 10], ['llm', 'small', 3]]);
  }));

  test('of embeddings are those of the texts; a model that embeds something costs both', marbles((_, scheduler) => {
    const kept = memoryTracer();
    const vectors: Embeddings = { id: 'acme:vectors', embed: (texts) => of(Object.assign(texts.map(() => [1]), { usage: { inputTokens: MILLION, outputTokens: 0 } })) };
    const embedding: ChatModel = { ...using('small', million), stream: (request, run) => embed(vectors).run('?', run).pipe(switchMap(() => using('small', million).stream(request, run))) };
    chain(lambda((s: string) => s), chat(embedding)).run('?', { scheduler, tracer: costs(TABLE)(kept) }).subscribe();
    scheduler.flush();
    expect(kept.runs.map(({ kind, extra }) => [kind, extra['cost'], extra['totalCost']])).toEqual([['chain', undefined, 6], ['llm', 3, 6], ['embedding', 3, undefined]]);
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
  }));

  test.each([
    ['gpt-5', 1.25],
    ['openai:gpt-5', 1.25],
    ['openai:gpt-5-2025-08-07', 1.25],
    ['openrouter:openai/gpt-5', 1.25],
    ['gpt-4o-2024-11-20', 2.5],
    ['gpt-4o-2024-05-13', 5],
    ['anthropic/claude-opus-4-1', 15],
    ['vertex:claude-opus-4-5@20251101', 5],
    ['claude-sonnet-4-20250514', 3],
    ['gpt-5-turbo', undefined],
    ['gpt-50', undefined],
    ['gpt-5:free', undefined],
    ['ft:gpt-4o-2024-08-06:acme::x1', undefined],
    ['claude-opus-4-9', undefined],
    ['mistral-large-latest', undefined],
  ])('of a million tokens that go into %s are %d', (id, cost) => {
    const kept = memoryTracer();
    const table = Object.fromEntries(Object.entries(modelPrices).map(([name, { long: _, ...prices }]) => [name, prices]));
    answering(id, { inputTokens: MILLION, outputTokens: 0 }).run('?', { tracer: costs(table)(kept), runName: 'asked' }).subscribe();
    expect(kept.runs[0]?.extra['cost']).toBe(cost);
  });

  test('are in order in the table: less for what is read from a cache, more for what is written there and comes out', () => {
    const all = Object.entries(modelPrices).flatMap(([name, prices]) => [[name, prices] as const, ...(prices.long ? [[`${name}, long`, prices.long] as const] : [])]);
    const odd = all.filter(([, { input, cachedInput = 0, cacheWrite = input, longCacheWrite = cacheWrite, output = input }]) => !(input > 0 && cachedInput < input && cacheWrite >= input && longCacheWrite >= cacheWrite && output >= input));
    const unlike = Object.entries(modelPrices).filter(([, { input, long }]) => long && !(long.input > input && long.above >= 100_000));
    expect([odd, unlike]).toEqual([[], []]);
  });

  test('are for the tracer alone: other sinks’ events stay as they are', () => {
    const [seen, priced] = [recorder(), recorder()];
    const model: ChatModel = { ...using('small', million), stream: () => of(messageChunk({ id: 'm', text: 'ok', usage: million, finishReason: 'stop' })) };
    chat(model).run('?', { tracer: costs(TABLE)(priced), events: seen }).subscribe();
    expect([seen.events.at(-1), priced.events.at(-1)].map((event) => event && 'extra' in event)).toEqual([false, true]);
  });
});
