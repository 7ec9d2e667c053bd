import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { BasicTracerProvider, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import * as registry from '@opentelemetry/semantic-conventions/incubating';
import { NEVER, of } from 'rxjs';
import { z } from 'zod';
import { chain, chat, embed, lambda, messageChunk, scripted, system, text, tool, toolLoop, user, type ChatModel, type ChatOptions, type Embeddings, type Message, type MessageInput, type RunEvent } from 'rivulet';
import { lastValue } from 'rivulet/channels';
import { otelTracer, type OtelTracerOptions } from 'rivulet/otel';
import { START, StateGraph } from 'rivulet/pregel';
import { memoryTracer, span, type ExportingTracer, type MemoryTracer, type TracedRun } from 'rivulet/tracing';
import { platform } from '../../src/core/bridge/platform.js';
import { spanIdOf, traceIdOf } from '../../src/tracing/distributed/spanIds.js';
import { Collector, type ReceivedSpan } from './Collector.js';

let collector: Collector;
let seen: MemoryTracer;
const { warn } = platform;

beforeEach(async () => {
  collector = await Collector.start();
  seen = memoryTracer();
});
afterEach(async () => {
  platform.warn = warn;
  await collector.close();
});

const tracerOf = (options: OtelTracerOptions = {}): ExportingTracer => otelTracer({ url: collector.url, serviceName: 'tests', ...options });
const bytes = (id: string): string => id.replaceAll('-', '');
const spanOf = ({ id }: TracedRun): ReceivedSpan => collector.spans.find(({ spanId }) => spanId === bytes(id).slice(16)) as ReceivedSpan;
const spanNamed = (name: string): ReceivedSpan => collector.spans.find((each) => each.name === name) as ReceivedSpan;
const fromJson = (text: unknown): unknown => JSON.parse(text as string);

const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });
const sums = scripted([{ when: 'sum', calls: [{ name: 'add', args: { a: 2, b: 3 } }] }, { after: 'add', reply: 'It is {result}.' }]);
const agent = toolLoop(sums, [add]);
const graph = new StateGraph({ said: lastValue('') })
  .addNode('think', async (_state, run) => ({ said: (await agent.invoke([system('Be brief.'), user('the sum?')] as MessageInput, run)).id }), { metadata: { team: 'red' } })
  .addNode('rest', () => ({ said: 'done' }))
  .addEdge(START, 'think')
  .addEdge('think', 'rest')
  .compile({ name: 'calculator' });

describe('spans, decoded by OpenTelemetry’s own definitions', () => {
  test('have the ids, parents, times, kinds and ends of their runs', async () => {
    const tracer = tracerOf();
    await graph.invoke({}, { tracer, events: seen });
    await tracer.flush();

    expect(seen.runs).toHaveLength(7);
    expect(collector.spans).toHaveLength(seen.runs.length);
    for (const run of seen.runs) {
      expect(spanOf(run)).toMatchObject({
        traceId: bytes(run.traceId),
        spanId: bytes(run.id).slice(16),
        parentSpanId: run.parentId === undefined ? '' : bytes(run.parentId).slice(16),
        startMs: run.startTime,
        endMs: run.endTime,
        kind: run.kind === 'llm' ? 'SPAN_KIND_CLIENT' : 'SPAN_KIND_INTERNAL',
        status: { code: 'STATUS_CODE_OK' },
        scope: 'rivulet',
      });
    }
    expect(collector.spans.map(({ name }) => name).sort()).toEqual(['chat scripted', 'chat scripted', 'execute_tool add', 'invoke_agent toolLoop', 'invoke_workflow calculator', 'rest', 'think']);
  });

  test('are told in words of the GenAI conventions’ registry only', async () => {
    const tracer = tracerOf();
    await graph.invoke({}, { tracer, thread: 't1' });
    await tracer.flush();
    const known = new Set<unknown>(Object.values(registry).filter((value) => typeof value === 'string'));
    const told = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => key.startsWith('gen_ai.')));
    expect([...told].filter((key) => !known.has(key))).toEqual([]);
    expect(told.size).toBeGreaterThan(14);
  });

  test('of a model say what was asked, answered and used; cached tokens are among those that went in', async () => {
    const usage = { inputTokens: 100, outputTokens: 20, cachedInputTokens: 60, cacheWriteTokens: 30, reasoningTokens: 5 };
    const model: ChatModel = {
      id: 'openai:gpt-5',
      capabilities: {},
      stream: () => of(messageChunk({ id: 'm1', text: 'Hel' }), messageChunk({ id: 'm1', text: 'lo', usage, finishReason: 'stop', metadata: { model: 'gpt-5-2026' } })),
    };
    const tracer = tracerOf();
    await chat(model).invoke([system('Be brief.'), user([{ type: 'text', text: 'Hi' }, { type: 'image', source: { url: 'https://a.test/b.png' } }])], { tracer, events: seen, thread: 't1', tags: ['prod', 'eu'] });
    await tracer.flush();

    const { name, attributes, events } = spanOf(seen.runs[0] as TracedRun);
    expect(name).toBe('chat gpt-5');
    expect(attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.request.stream': true,
      'gen_ai.response.model': 'gpt-5-2026',
      'gen_ai.response.id': 'm1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.conversation.id': 't1',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 60,
      'gen_ai.usage.cache_creation.input_tokens': 30,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'openinference.span.kind': 'LLM',
      'session.id': 't1',
      'llm.token_count.prompt': 100,
      'llm.token_count.total': 120,
      'llm.token_count.prompt_details.cache_read': 60,
      'llm.token_count.prompt_details.cache_write': 30,
      'langsmith.span.kind': 'llm',
      'langsmith.metadata.thread_id': 't1',
      'langsmith.span.tags': 'prod, eu',
    });
    expect(fromJson(attributes['gen_ai.input.messages'])).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', content: 'Hi' }, { type: 'uri', modality: 'image', uri: 'https://a.test/b.png' }] },
    ]);
    expect(fromJson(attributes['gen_ai.output.messages'])).toEqual([{ role: 'assistant', parts: [{ type: 'text', content: 'Hello' }], finish_reason: 'stop' }]);
    expect(fromJson(attributes['langsmith.usage_metadata'])).toEqual({
      input_tokens: 100, output_tokens: 20, total_tokens: 120, input_token_details: { cache_read: 60, cache_creation: 30 }, output_token_details: { reasoning: 5 },
    });
    expect(events).toEqual([{ name: 'new_token', ms: seen.runs[0]?.firstTokenTime, attributes: {} }]);
  });

  const asked: ChatOptions = {
    temperature: 0.2, maxTokens: 100, topP: 0.9, stop: ['END'], seed: 7, reasoning: { effort: 'low' }, toolChoice: 'auto',
    output: { name: 'answer', schema: { type: 'object' } },
    tools: [add.definition, { provider: 'openai', definition: { type: 'web_search' } }],
    extra: { frequency_penalty: 0.1, presence_penalty: 0.3, top_k: 5 },
  };
  const parameters = {
    'gen_ai.request.temperature': 0.2, 'gen_ai.request.max_tokens': 100, 'gen_ai.request.top_p': 0.9, 'gen_ai.request.stop_sequences': ['END'], 'gen_ai.request.seed': 7,
    'gen_ai.request.frequency_penalty': 0.1, 'gen_ai.request.presence_penalty': 0.3, 'gen_ai.request.top_k': 5, 'gen_ai.output.type': 'json',
  };

  test('of a model say what it was asked with, besides the messages', async () => {
    const tracer = tracerOf();
    await chat(sums, asked).invoke('the sum?', { tracer, events: seen });
    await tracer.flush();
    const { attributes } = spanNamed('chat scripted');
    expect(attributes).toMatchObject({ ...parameters, 'gen_ai.request.reasoning.level': 'low' });
    expect(Object.keys(parameters).filter((key) => !Object.values<unknown>(registry).includes(key))).toEqual([]);
    expect(fromJson(attributes['gen_ai.tool.definitions'])).toEqual([{ type: 'function', name: 'add', parameters: add.definition.inputSchema }, { type: 'web_search', name: 'web_search' }]);
    expect(fromJson(attributes['llm.invocation_parameters'])).toMatchObject({ temperature: 0.2, max_tokens: 100, top_k: 5, tool_choice: 'auto', response_format: { json_schema: asked.output } });
    expect(fromJson(attributes['llm.tools.0.tool.json_schema'])).toEqual({ type: 'function', function: { name: 'add', parameters: add.definition.inputSchema } });
    expect(fromJson(attributes['llm.tools.1.tool.json_schema'])).toEqual({ type: 'web_search' });
    expect(fromJson(attributes['rivulet.run'])).toMatchObject({ metadata: { model: 'scripted', chatOptions: JSON.parse(JSON.stringify(asked)) as unknown } });
    expect(attributes).not.toHaveProperty(['langsmith.metadata.chatOptions']);
    expect(seen.runs[0]?.metadata['chatOptions']).toBe(asked);
  });

  test('keep the ids of a caller that traces by W3C Trace Context', () => {
    expect(spanIdOf('b7ad6b7169203331')).toBe('b7ad6b7169203331');
    expect(traceIdOf('0af76519-16cd-43dd-8448-eb211c80319c')).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(traceIdOf('an id of my own')).toMatch(/^[\da-f]{32}$/);
  });

  test('count each token once: only calls of models tell of them', async () => {
    const tracer = tracerOf();
    await graph.invoke({}, { tracer });
    await tracer.flush();
    const counting = collector.spans.filter(({ attributes }) => 'gen_ai.usage.input_tokens' in attributes || 'llm.token_count.prompt' in attributes || 'langsmith.usage_metadata' in attributes);
    expect(counting.map(({ name }) => name)).toEqual(['chat scripted', 'chat scripted']);
  });

  test('of embeddings say the model, and what went in', async () => {
    const tracer = tracerOf();
    const vectors: Embeddings = { id: 'openai:text-embedding-3-small', embed: (texts) => of(Object.assign(texts.map(() => [1]), { usage: { inputTokens: 7, outputTokens: 0 } })) };
    await embed(vectors).invoke('a text', { tracer });
    await tracer.flush();
    expect(spanNamed('embeddings text-embedding-3-small').attributes).toMatchObject({
      'gen_ai.operation.name': 'embeddings', 'gen_ai.provider.name': 'openai', 'gen_ai.usage.input_tokens': 7, 'llm.token_count.prompt': 7, 'embedding.model_name': 'text-embedding-3-small', 'output.value': '[1]',
    });
  });

  test('of a model say what it cost, where somebody has told', async () => {
    const tracer = tracerOf();
    const priced = { next: (event: RunEvent) => tracer.next(event.type === 'run_end' ? { ...event, extra: { cost: 0.5, inputCost: 0.2, outputCost: 0.3 } } : event) };
    await chat(sums).invoke('the sum?', { tracer: priced });
    await tracer.flush();
    const { attributes } = spanNamed('chat scripted');
    expect(fromJson(attributes['langsmith.usage_metadata'])).toMatchObject({ input_cost: 0.2, output_cost: 0.3, total_cost: 0.5 });
  });

  test('of a tool say its arguments and its result; calls and results are parts of messages', async () => {
    const tracer = tracerOf();
    await agent.invoke('the sum?', { tracer });
    await tracer.flush();
    const calls = fromJson(spanNamed('chat scripted').attributes['gen_ai.output.messages']) as [{ readonly parts: readonly { readonly id?: string }[] }];
    const called = calls[0].parts.find(({ id }) => id !== undefined)?.id;
    expect(called).toBeTruthy();
    expect(spanNamed('execute_tool add').attributes).toMatchObject({
      'gen_ai.tool.call.id': called, 'tool.id': called, 'tool.name': 'add',
      'gen_ai.tool.name': 'add', 'gen_ai.tool.call.arguments': '{"a":2,"b":3}', 'gen_ai.tool.call.result': '5', 'openinference.span.kind': 'TOOL', 'input.value': '{"a":2,"b":3}', 'output.value': '5',
    });
    const [, second] = collector.spans.filter(({ name }) => name === 'chat scripted');
    expect(fromJson(second?.attributes['gen_ai.input.messages'])).toMatchObject([
      { role: 'user' },
      { role: 'assistant', parts: [{ type: 'tool_call', name: 'add', arguments: { a: 2, b: 3 } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', response: '5' }] },
    ]);
  });

  test('say what went in as it was when the run began, whatever becomes of it; of what came in chunks the whole', async () => {
    const tracer = tracerOf();
    const answering = span('answer', 'tool', lambda((said: string[]) => said.push('answer')));
    const asking = lambda(async (said: Message[], run) => {
      const answer = await chain(chat(scripted([{ reply: 'O sea, O sky!' }])), span('read', 'parser', text())).invoke(said, run);
      said.push(user(answer));
      return said.length;
    }, 'ask');
    await answering.invoke(['question'], { tracer });
    await asking.invoke([user('A verse?')], { tracer });
    await tracer.flush();
    expect(spanNamed('execute_tool answer').attributes).toMatchObject({ 'gen_ai.tool.call.arguments': '["question"]', 'input.value': '["question"]', 'output.value': '2' });
    expect(fromJson(spanNamed('ask').attributes['input.value'])).toMatchObject([{ role: 'user' }]);
    expect(fromJson(spanNamed('read').attributes['input.value'])).toMatchObject({ content: [{ text: 'O sea, O sky!' }] });
  });

  test('of failed runs have the error as status and event; of runs that were left neither', async () => {
    const tracer = tracerOf();
    const fails = span('fails', 'tool', lambda((): number => {
      throw new TypeError('no');
    }));
    await fails.invoke(1, { tracer, runName: 'failing' }).catch(() => undefined);
    span('left', 'retriever', lambda(() => NEVER)).run(1, { tracer }).subscribe().unsubscribe();
    await tracer.flush();

    const failed = spanNamed('execute_tool failing');
    expect(failed).toMatchObject({ status: { code: 'STATUS_CODE_ERROR', message: 'no' }, attributes: { 'error.type': 'TypeError' } });
    expect(failed.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'TypeError', 'exception.message': 'no', 'exception.stacktrace': expect.stringContaining('TypeError: no') } }]);
    expect(spanNamed('retrieval left')).toMatchObject({ status: { code: 'STATUS_CODE_UNSET' }, events: [] });
  });

  test('have all of a run in them: what is read back is the run', async () => {
    const tracer = tracerOf();
    await graph.invoke({}, { tracer, events: seen, thread: 't1', tags: ['a'], metadata: { tries: 3 } });
    await tracer.flush();
    for (const run of seen.runs) {
      const { attributes, startMs, endMs, events } = spanOf(run);
      const rest = fromJson(attributes['rivulet.run']) as object;
      const back = {
        ...rest,
        id: attributes['langsmith.span.id'],
        traceId: attributes['langsmith.trace.id'],
        parentId: attributes['langsmith.span.parent_id'],
        dottedOrder: attributes['langsmith.span.dotted_order'],
        name: attributes['langsmith.trace.name'],
        thread: attributes['gen_ai.conversation.id'],
        inputs: attributes['input.mime_type'] === 'text/plain' ? attributes['input.value'] : fromJson(attributes['input.value']),
        outputs: attributes['output.mime_type'] === 'text/plain' ? attributes['output.value'] : fromJson(attributes['output.value']),
        startTime: startMs,
        endTime: endMs,
        firstTokenTime: events.find(({ name }) => name === 'new_token')?.ms,
      };
      const { id, traceId, parentId, dottedOrder, name, thread, startTime, endTime, firstTokenTime, kind, status, attempt, executionOrder, tags, metadata, extra, usage } = run;
      const told = { id, traceId, parentId, dottedOrder, name, thread, startTime, endTime, firstTokenTime, kind, status, attempt, executionOrder, tags, metadata, extra, usage, inputs: run.inputs, outputs: run.outputs };
      expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(JSON.stringify(told)));
    }
  });
});

describe('what is sent', () => {
  test('says which service it is from, with the keys it was given', async () => {
    const tracer = tracerOf({ headers: { 'x-key': 'secret' }, resource: { 'deployment.environment.name': 'test' } });
    await add.invoke({ a: 1, b: 2 }, { tracer });
    await tracer.flush();
    expect(collector.requests).toMatchObject([{ path: '/v1/traces', headers: { 'content-type': 'application/x-protobuf', 'x-key': 'secret' } }]);
    expect(collector.spans[0]?.resource).toMatchObject({ 'service.name': 'tests', 'deployment.environment.name': 'test', 'telemetry.sdk.language': 'nodejs' });
  });

  test('holds nothing that was said, if it isn’t to', async () => {
    const tracer = tracerOf({ content: false });
    await agent.invoke('the sum?', { tracer });
    await tracer.flush();
    expect(JSON.stringify(collector.spans)).not.toMatch(/the sum|It is 5|"a":2|\{\\"a\\":2|inputSchema|parameters/);
    expect(collector.spans).toHaveLength(4);
  });

  test('arrives though the collector refuses at first, each span once', async () => {
    collector.refusals.push({ status: 500 }, { status: 503, headers: { 'retry-after': '0' } });
    const tracer = tracerOf({ retry: { initialMs: 1 } });
    for (let count = 0; count < 5; count++) await add.invoke({ a: count, b: 1 }, { tracer });
    await tracer.flush();
    expect(collector.requests.length).toBeGreaterThanOrEqual(2);
    expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(5);
    expect([collector.spans.length, tracer.dropped]).toEqual([5, 0]);
  });

  test('is dropped, counted and reported, when the collector wants none of it or the queue is full', async () => {
    const warnings: string[] = [];
    platform.warn = (message) => void warnings.push(message);
    collector.refusals.push({ status: 400 });
    const refused = tracerOf();
    await add.invoke({ a: 1, b: 1 }, { tracer: refused });
    await refused.flush();
    expect([refused.dropped, collector.requests.length]).toEqual([1, 1]);

    const full = tracerOf({ maxItems: 2 });
    for (let count = 0; count < 5; count++) await add.invoke({ a: count, b: 1 }, { tracer: full });
    await full.flush();
    expect([full.dropped, collector.spans.length]).toEqual([3, 2]);
    expect(warnings).toEqual([expect.stringMatching(/otelTracer dropped 1 run: .*Bad Request/), expect.stringMatching(/otelTracer dropped 1 run: its queue is full/), expect.stringMatching(/otelTracer dropped 2 runs: its queue is full/)]);
  });

  test('takes nothing else along that is too large for the collector', async () => {
    platform.warn = () => undefined;
    collector.maxBytes = 100_000;
    const tracer = tracerOf({ batchBytes: 50_000 });
    for (const text of ['a', 'b'.repeat(60_000), 'c', 'd']) await lambda((said: string) => said.length).invoke(text, { tracer, runName: text.slice(0, 1) });
    await tracer.flush();
    expect([tracer.dropped, collector.spans.map(({ name }) => name)]).toEqual([0, ['a', 'b', 'c', 'd']]);
    await lambda((said: string) => said.length).invoke('e'.repeat(110_000), { tracer, runName: 'e' });
    await lambda((said: string) => said.length).invoke('f', { tracer, runName: 'f' });
    await tracer.flush();
    expect([tracer.dropped, collector.spans.at(-1)?.name]).toEqual([1, 'f']);
  });

  test.each(['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'])('has no longer texts than %s says, cut off as OpenTelemetry’s SDK does', async (variable) => {
    const spans: ReadableSpan[] = [];
    const exporter: SpanExporter = { export: (batch, ended) => (spans.push(...batch), ended({ code: 0 })), shutdown: () => Promise.resolve() };
    const run = async (): Promise<void> => {
      const tracer = otelTracer({ exporter });
      const fails = lambda((said: string, run): string => {
        run.emit({ said });
        throw new Error(said);
      });
      await fails.invoke('long '.repeat(10), { tracer, tags: ['a tag that is too long'], runId: 'an id of my own' }).catch(() => undefined);
      await tracer.flush();
    };
    await run();
    process.env[variable] = '10';
    try {
      await run();
      const [whole, cut] = spans as [ReadableSpan, ReadableSpan];
      const official = new BasicTracerProvider().getTracer('official').startSpan('x');
      for (const { name, attributes } of whole.events) official.addEvent(name, attributes);
      const { attributes, events } = official.setAttributes(whole.attributes) as unknown as ReadableSpan;
      const fixed = ({ 'rivulet.run': _run, 'langsmith.span.dotted_order': _order, 'exception.stacktrace': _stack, ...rest }: Attributes): Attributes => rest;
      expect(fixed(cut.attributes)).toEqual(fixed(attributes));
      expect(cut.events.map((event) => fixed(event.attributes ?? {}))).toEqual(events.map((event) => fixed(event.attributes ?? {})));
      expect(Object.values({ ...cut.attributes, ...cut.events[0]?.attributes, ...cut.events[1]?.attributes }).filter((value) => typeof value === 'string' && value.length > 10)).toEqual([]);
    } finally {
      delete process.env[variable];
    }
  });

  test('may go by any exporter of OpenTelemetry', async () => {
    const names: string[] = [];
    const tracer = otelTracer({
      exporter: {
        export: (spans, ended) => {
          names.push(...spans.map(({ name }) => name));
          ended({ code: 0 });
        },
        shutdown: () => Promise.resolve(),
      },
    });
    await add.invoke({ a: 1, b: 1 }, { tracer, ids: () => 'an id of my own' });
    await tracer.flush();
    expect(names).toEqual(['execute_tool add']);
  });
});
