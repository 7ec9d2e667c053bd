import { afterEach, describe, expect, test } from '@jest/globals';
import { createTraceState, defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, trace, TraceFlags, type SpanContext } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { RunTree } from 'langsmith';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chain, lambda, type RunConfig } from 'rivulet';
import { lastValue } from 'rivulet/channels';
import { otelTracer } from 'rivulet/otel';
import { START, StateGraph } from 'rivulet/pregel';
import { headersOf, langsmithTracer, memoryTracer, remoteParent, span, type TracedRun } from 'rivulet/tracing';
import { LangsmithServer } from './langsmithServer.js';

const servers: { close(): unknown }[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A service that runs a flow for each request, as a part of the run that asks. */
async function service(work: (input: string, headers: Readonly<Record<string, string | readonly string[] | undefined>>) => Promise<string>): Promise<string> {
  const server: Server = createServer((request, response) => {
    void work(decodeURIComponent((request.url ?? '').slice(1)), request.headers).then((body) => response.end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const recorded = JSON.parse(readFileSync(new URL('./langsmith/multipart-distributed-headers.json', import.meta.url), 'utf8')) as Readonly<Record<string, string>>;

describe('a run that calls another process', () => {
  test('is one tree at LangSmith: ids, order, tags, metadata and project go with the request', async () => {
    const langsmith = await new LangsmithServer().listen();
    servers.push(langsmith);
    const tracing = (project: string) => langsmithTracer({ endpoint: langsmith.url, project });
    const [here, there] = [tracing('front'), tracing('never')];
    const shout = chain(span('shout', 'tool', lambda((text: string) => text.toUpperCase())));
    const url = await service((input, headers) => shout.invoke(input, { parent: remoteParent(headers), tracer: there, runName: 'served' }));
    const call = span('call', 'tool', lambda(async (text: string, run) => (await fetch(`${url}/${text}`, { headers: headersOf(run) })).text()));
    const parent = remoteParent({ ...recorded, 'langsmith-trace': recorded['langsmith-trace'] });

    await expect(chain(call).invoke('hi', { tracer: here, parent, tags: ['beta'], metadata: { user: 'ü' }, runName: 'root' })).resolves.toBe('HI');
    await Promise.all([here.flush(), there.flush()]);
    const runs = [...langsmith.runs.values()].sort((a, b) => (String(a['dotted_order']) < String(b['dotted_order']) ? -1 : 1));
    expect(runs.map(({ name, session_name, trace_id }) => [name, session_name, trace_id])).toEqual(['root', 'call', 'served', 'shout'].map((name) => [name, 'wire-demo', parent?.traceId]));
    const chainOfIds = [parent?.runId, ...runs.map(({ id }) => id)];
    expect(runs.map(({ parent_run_id }) => parent_run_id)).toEqual(chainOfIds.slice(0, -1));
    for (const [index, { dotted_order, id }] of runs.entries()) {
      const above = index === 0 ? recorded['langsmith-trace'] : runs[index - 1]?.['dotted_order'];
      expect(String(dotted_order)).toMatch(new RegExp(`^${String(above).replaceAll('.', '\\.')}\\.\\d{8}T\\d{12}Z${id}$`));
    }
    expect(runs[3]).toMatchObject({ tags: expect.arrayContaining(['d', 'beta']), extra: { metadata: { k: 'v', user: 'ü' } } });
  });

  test('from a node of a graph hangs on the node', async () => {
    const [here, there] = [memoryTracer(), memoryTracer()];
    const url = await service((input, headers) => lambda((text: string) => text).invoke(input, { parent: remoteParent(headers), tracer: there }));
    const graph = new StateGraph({ text: lastValue<string>('') })
      .addNode('ask', async (_state, run) => ({ text: await (await fetch(`${url}/x`, { headers: headersOf(run) })).text() }))
      .addEdge(START, 'ask')
      .compile();
    await graph.invoke({ text: '' }, { tracer: here });
    const node = here.runs.find(({ kind }) => kind === 'node') as TracedRun;
    expect(there.runs[0]).toMatchObject({ parentId: node.id, traceId: node.traceId });
    expect(there.runs[0]?.dottedOrder.startsWith(`${node.dottedOrder}.`)).toBe(true);
  });

  test('that nobody traces passes on what it came from, and otherwise says nothing', async () => {
    const ask = lambda((_: string, run) => headersOf(run));
    await expect(ask.invoke('x')).resolves.toEqual({});
    await expect(ask.invoke('x', { parent: remoteParent(recorded) })).resolves.toMatchObject({ ...recorded, traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/) });
  });
});

describe('headers', () => {
  test('can always be sent: what they have no words for ends no run', async () => {
    const circular: Record<string, unknown> = { n: 1n };
    circular['self'] = circular;
    const ask = lambda((_: string, run) => new Headers(headersOf(run)));
    const said = await ask.invoke('x', { tracer: memoryTracer(), tags: ['a\r\nb: \ud800'], metadata: circular });
    expect(remoteParent(said)).toMatchObject({ tags: ['a\r\nb: \ufffd'], metadata: { n: '1' } });
    await expect(lambda((_: string, run) => headersOf(run)).invoke('x', { tracer: memoryTracer(), runId: 'my\r\nrun' })).resolves.toEqual({ traceparent: expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-01$/) });
  });

  test('leave out the longest of what is too long together', async () => {
    const { baggage } = await lambda((_: string, run) => headersOf(run)).invoke('x', { tracer: memoryTracer(), tags: ['kept'], metadata: { long: 'x'.repeat(9000) } });
    expect(baggage).toBe('langsmith-tags=kept');
  });

  test('are known by their names in any case', () => {
    const { runId } = remoteParent(recorded) ?? {};
    expect(remoteParent({ 'LangSmith-Trace': recorded['langsmith-trace'], Baggage: 'langsmith-tags=a' })).toMatchObject({ runId, tags: ['a'] });
  });

  test('are read by the official client as its own, and its own by us', async () => {
    const tracer = memoryTracer();
    const headers = await lambda((_: string, run) => headersOf(run)).invoke('x', { tracer, tags: ['d'], metadata: { k: 'v, "ü' } });
    const theirs = RunTree.fromHeaders(headers);
    const [run] = tracer.runs;
    expect(theirs).toMatchObject({ id: run?.id, trace_id: run?.traceId, dotted_order: run?.dottedOrder, tags: ['d'], metadata: { k: 'v, "ü' } });
    const tree = new RunTree({ name: 'r', tags: ['a', 'b'], metadata: { n: 1 }, project_name: 'p' });
    expect(remoteParent(tree.toHeaders())).toMatchObject({ runId: tree.id, traceId: tree.trace_id, dottedOrder: tree.dotted_order, tags: ['a', 'b'], project: 'p', metadata: { n: 1 } });
    expect(Object.keys(headers).sort()).toEqual([...Object.keys(recorded), 'traceparent'].sort());
  });

  test('of W3C Trace Context name the trace by its UUID, and the run by the last eight bytes of its own', async () => {
    const tracer = memoryTracer();
    const { traceparent } = await lambda((_: string, run) => headersOf(run)).invoke('x', { tracer });
    const id = tracer.runs[0]?.id.replaceAll('-', '');
    expect(traceparent).toBe(`00-${id}-${id?.slice(-16)}-01`);
    expect(remoteParent(new Headers({ traceparent: traceparent ?? '' }))).toEqual({ traceId: tracer.runs[0]?.id, runId: id?.slice(-16), isSampled: true });
  });

  test.each([
    ['langsmith-trace', 'nonsense'],
    ['langsmith-trace', '20261120T235127212001Z01a1fb5f-44ec-7000-8000-009398ac58a5.'],
    ['langsmith-trace', '20261120T235127212001Z01A1FB5F-44EC-7000-8000-009398AC58A5'],
    ['langsmith-trace', `${'20261120T235127212001Z01a1fb5f-44ec-7000-8000-009398ac58a5.'.repeat(200)}20261120T235127212001Z01a1fb5f-44ec-7000-8000-009398ac58a5`],
    ['traceparent', '00-00000000000000000000000000000000-b7ad6b7169203331-01'],
    ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01'],
    ['traceparent', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more'],
    ['traceparent', '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01'],
  ])('that are wrong are as none: %s %.60s', (name, value) => {
    expect(remoteParent({ [name]: value })).toBeUndefined();
    expect(remoteParent({ [name]: [value, value] })).toBeUndefined();
  });

  test.each([
    ['a=1', 'a=1'],
    [' a=1 ,\tb@vendor=x y:z , ', 'a=1,b@vendor=x y:z'],
    [['a=1', '2b@v=2'], 'a=1,2b@v=2'],
    [Array.from({ length: 32 }, (_, n) => `k${n}=v`).join(','), Array.from({ length: 32 }, (_, n) => `k${n}=v`).join(',')],
    [Array.from({ length: 33 }, (_, n) => `k${n}=v`).join(','), undefined],
    [`a=${'x'.repeat(255)},b=${'y'.repeat(252)}`, `a=${'x'.repeat(255)},b=${'y'.repeat(252)}`], // 512
    [`a=${'x'.repeat(100)},long=${'y'.repeat(200)},b=${'x'.repeat(100)},c=${'x'.repeat(120)}`, `a=${'x'.repeat(100)},b=${'x'.repeat(100)},c=${'x'.repeat(120)}`],
    [Array.from('abcde', (key) => `${key}=${'x'.repeat(120)}`).join(','), Array.from('abcd', (key) => `${key}=${'x'.repeat(120)}`).join(',')],
    [`a=${'x'.repeat(257)}`, undefined],
    ['a=1\r\nb: 2', undefined],
    ['a=1,b=\u00fc', undefined],
    ['A=1', undefined],
    ['a=1=2', undefined],
    ['a', undefined],
    ['', undefined],
  ])('with a tracestate pass on what everybody must: %.40s', async (tracestate, passed) => {
    const parent = remoteParent({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate });
    expect(parent?.traceState).toBe(passed);
    const headers = await lambda((_: string, run) => headersOf(run)).invoke('x', { parent: { runId: 'b7ad6b7169203331', traceId: 'x', ...parent, traceState: String(tracestate) } });
    expect(headers['tracestate']).toBe(passed);
  });

  test.each([
    ['langsmith-metadata=%7B', {}],
    ['langsmith-metadata=%E0%A4%A', {}],
    ['langsmith-metadata=%5B1%5D,langsmith-tags=a', { tags: ['a'] }],
    ['other=1;x=2 , langsmith-project = p;ttl=1', { project: 'p' }],
    ['langsmith-metadata=%7B%22__proto__%22%3A%7B%22polluted%22%3A1%7D%7D', { metadata: JSON.parse('{"__proto__":{"polluted":1}}') as object }],
    [`langsmith-tags=${'a'.repeat(9000)}`, {}],
  ])('of a baggage that can’t be read whole say what can: %.50s', async (baggage, said) => {
    const { 'langsmith-trace': trace } = recorded;
    const parent = remoteParent({ 'langsmith-trace': trace, baggage });
    const { runId: _runId, traceId: _traceId, dottedOrder: _order, ...rest } = parent ?? {};
    expect(rest).toEqual(said);
    const metadata = await lambda((_: string, run) => run.metadata).invoke('x', { parent });
    expect((metadata as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });

  test('whatever they are, are read or refused', () => {
    const header = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[-0-9a-fTZ.%={},;"]*$/), fc.array(fc.string()));
    fc.assert(
      fc.property(header, header, header, header, (trace, traceparent, tracestate, baggage) => {
        const parent = remoteParent({ 'langsmith-trace': trace, traceparent, tracestate, baggage });
        expect(parent === undefined || /^[0-9a-f-]{16,36}$/.test(parent.runId)).toBe(true);
        const { traceState = 'a=1' } = remoteParent({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate }) ?? {};
        expect(new Headers({ tracestate: traceState }).get('tracestate')).toBe(traceState);
      }),
    );
  });
});

describe('with OpenTelemetry’s own propagator', () => {
  const propagator = new W3CTraceContextPropagator();
  const extracted = (headers: Readonly<Record<string, string>>): SpanContext | undefined => trace.getSpanContext(propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter));
  const injected = (context: SpanContext): Readonly<Record<string, string>> => {
    const headers: Record<string, string> = {};
    propagator.inject(trace.setSpanContext(ROOT_CONTEXT, context), headers, defaultTextMapSetter);
    return headers;
  };
  const ask = lambda((_: string, run) => headersOf(run));

  /** What a run with these settings sends along, and the span that is exported of it. */
  async function served(config: RunConfig): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly span: ReadableSpan }> {
    const spans: ReadableSpan[] = [];
    const tracer = otelTracer({ exporter: { export: (batch, ended) => (spans.push(...batch), ended({ code: 0 })), shutdown: () => Promise.resolve() } });
    const headers = await ask.invoke('x', { ...config, tracer });
    await tracer.flush();
    return { headers, span: spans[0] as ReadableSpan };
  }

  test.each([
    ['a UUID', '0197f0aa-44ec-7000-8000-009398ac58a5'],
    ['a UUID in capitals', '0197F0AA-44EC-7000-8000-009398AC58A5'],
    ['none at all', '00000000-0000-0000-0000-000000000000'],
    ['no UUID', 'order 17'],
    ['with nothing where a span has its own', '0197f0aa44ec70000000000000000000'],
  ])('a run whose id is %s is the span that is exported of it, and its trace goes on in other processes', async (_, runId) => {
    const first = await served({ runId });
    const sent = extracted(first.headers);
    expect(sent).toMatchObject({ ...first.span.spanContext(), isRemote: true, traceFlags: TraceFlags.SAMPLED });
    const second = await served({ parent: remoteParent(first.headers) });
    expect(second.span.parentSpanContext).toEqual(sent);
    const third = await served({ parent: remoteParent(second.headers) });
    expect(third.span.spanContext().traceId).toBe(sent?.traceId);
    expect(third.span.parentSpanContext?.spanId).toBe(second.span.spanContext().spanId);
    expect(extracted(third.headers)).toMatchObject(third.span.spanContext());
  });

  test('a run continues the trace of a caller that knows nothing of LangSmith, whose tree begins with it', async () => {
    const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
    const first = await served({ parent: remoteParent(injected(caller)) });
    expect(first.span.parentSpanContext).toMatchObject({ traceId: caller.traceId, spanId: caller.spanId });
    const second = await served({ parent: remoteParent(first.headers) });
    expect(second.span.spanContext().traceId).toBe(caller.traceId);
    expect(String(second.span.attributes['langsmith.span.dotted_order']).split('.')).toHaveLength(2);
  });

  test('a run hands on what other systems say of its trace, as it came, and its spans have it', async () => {
    const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED, traceState: createTraceState('congo=t61rcWkgMzE,rojo@vendor=00f067aa0ba902b7') };
    const first = await served({ parent: remoteParent(injected(caller)) });
    expect(first.span.parentSpanContext).toEqual({ ...caller, isRemote: true });
    const states = [first.span.spanContext(), extracted(first.headers)].map((context) => context?.traceState?.serialize());
    expect(states).toEqual([caller.traceState.serialize(), caller.traceState.serialize()]);
    const spans: ReadableSpan[] = [];
    const tracer = otelTracer({ exporter: { export: (batch, ended) => (spans.push(...batch), ended({ code: 0 })), shutdown: () => Promise.resolve() } });
    await chain(span('inner', 'tool', ask)).invoke('x', { tracer, parent: remoteParent(first.headers) });
    await tracer.flush();
    expect(spans.map((each) => [each.parentSpanContext?.isRemote, each.spanContext().traceState?.serialize()])).toEqual([[false, caller.traceState.serialize()], [true, caller.traceState.serialize()]]);
  });

  test('a caller that doesn’t record is one whose runs here are recorded all the same, and say so; unwatched, its word is passed on', async () => {
    const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
    for (const traceFlags of [TraceFlags.NONE, TraceFlags.SAMPLED]) {
      const headers = injected({ ...caller, traceFlags, traceState: createTraceState('a=1') });
      const { span: there, headers: watched } = await served({ parent: remoteParent(headers) });
      expect(there.parentSpanContext?.traceFlags).toBe(traceFlags);
      expect(extracted(watched)).toEqual({ ...there.spanContext(), isRemote: true, traceFlags: TraceFlags.SAMPLED, traceState: expect.objectContaining({}) });
      await expect(ask.invoke('x', { parent: remoteParent(headers) })).resolves.toEqual(headers);
    }
  });

  test('what a proxy puts in between takes no run from its caller', async () => {
    const { headers, span } = await served({});
    const between = injected({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED, traceState: createTraceState('proxy=1') });
    const { span: there } = await served({ parent: remoteParent({ ...headers, ...between }) });
    expect(there.parentSpanContext).toEqual({ ...span.spanContext(), isRemote: true });
  });

  test('ids that aren’t UUIDs aren’t told to LangSmith’s clients', async () => {
    const { headers } = await served({ runId: 'order 17' });
    expect(Object.keys(headers)).toEqual(['traceparent']);
    expect(RunTree.fromHeaders(headers)).toBeUndefined();
  });
});

test('a run within another can’t have a parent elsewhere', async () => {
  const inner = lambda((n: number) => n);
  const outer = lambda((n: number) => inner.run(n, { parent: remoteParent(recorded) }));
  await expect(outer.invoke(1)).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
});
