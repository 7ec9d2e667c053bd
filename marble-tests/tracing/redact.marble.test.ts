import { describe, expect, test } from '@jest/globals';
import { map, type Observable, of, throwError, timer } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { concatText } from '../../src/core/flow/fold.js';
import { flow } from '../../src/core/flow/flow.js';
import { lambda } from '../../src/core/flow/lambda.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { pull } from '../../src/core/demand/pull.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { text } from '../../src/operators/parsers/text.js';
import { callTools } from '../../src/operators/tools/callTools.js';
import { tool } from '../../src/operators/tools/tool.js';
import { assistant } from '../../src/operators/messages/assistant.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { redact } from '../../src/tracing/redact.js';
import { span } from '../../src/tracing/span.js';
import type { Tracer } from '../../src/core/trace/tracer.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { seededRandom } from '../../src/testing/seededRandom.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { secrets } from './secrets.js';

const SECRET = `ghp_${'aB3'.repeat(12)}`;
const GONE = '[redacted:github_token]';

/** A model that says its pieces, one a frame. */
const saying = (...pieces: readonly string[]): ChatModel => ({
  id: 'test:says',
  capabilities: {},
  stream: (_request, run: RunScope) => pull(pieces).pipe(map((piece, index) => messageChunk({ id: `m-${run.runId}`, text: piece, ...(index === pieces.length - 1 && { finishReason: 'stop' as const }) }))),
});

/** All that an exporter might write of an event. */
const bytes = (event: RunEvent): string => JSON.stringify(event, (_key, value: unknown) => (value instanceof Error ? { ...value, name: value.name, message: value.message, stack: value.stack, cause: value.cause } : value)) + '\n';

/** What leaves the process: the runs that a tracer keeps, the events, and their text. */
function exported(): Tracer & { readonly events: RunEvent[]; readonly runs: ReturnType<typeof memoryTracer>; readonly ndjson: string } {
  const [{ events }, runs] = [recorder(), memoryTracer()];
  let ndjson = '';
  return {
    events,
    runs,
    get ndjson() {
      return ndjson;
    },
    next(event) {
      events.push(event);
      runs.next(event);
      ndjson += bytes(event);
    },
  };
}

const said = span('said', 'parser', flow('same', (source: Observable<string>) => source, { fold: concatText }));

/** What a run tells in which a model says these messages, each in pieces. */
function saidIn(messages: readonly (readonly string[])[]): readonly RunEvent[] {
  const head = (seq: number) => ({ runId: 'r', seq, at: seq, path: [] });
  const pieces = messages.flatMap((texts, index) => texts.map((text) => ({ messageId: `m${index}`, text })));
  const start: RunEvent = { ...head(0), type: 'run_start', name: 'model', kind: 'llm', traceId: 'r', parentRunId: undefined, order: 1, attempt: 1, tags: [], metadata: {}, input: 'Hi' };
  return [start, ...pieces.map((piece, index): RunEvent => ({ ...head(index + 1), type: 'token', ...piece })), { ...head(pieces.length + 1), type: 'run_end', status: 'done', output: messages[0]?.join('') }];
}

/** The messages that events tell. */
function messagesOf(events: readonly RunEvent[]): readonly string[] {
  const messages = new Map<string, string>();
  for (const event of events) if (event.type === 'token') messages.set(event.messageId, (messages.get(event.messageId) ?? '') + event.text);
  return [...messages.values()];
}

const tokens = (events: readonly RunEvent[]): string => events.map((event) => (event.type === 'token' || event.type === 'reasoning' ? event.text : '')).join('');

describe('a redacted trace', () => {
  test('knows 500 secrets of all kinds, cut into two at every place, by no piece', () => {
    const safe = redact();
    for (const { name, secret } of secrets(500, seededRandom(5))) {
      const kept = exported();
      const tracer = safe(kept);
      const messages = Array.from({ length: secret.length - 1 }, (_, index) => [`It is ${secret.slice(0, index + 1)}`, `${secret.slice(index + 1)} , yes.`]);
      for (const event of saidIn(messages)) tracer.next(event);
      expect([secret, ...new Set(messagesOf(kept.events))]).toEqual([secret, `It is [redacted:${name}] , yes.`]);
      expect([secret, kept.ndjson.includes(secret.slice(-10)), JSON.stringify(kept.runs.runs).includes(secret.slice(-10))]).toEqual([secret, false, false]);
    }
  });

  test('knows 500 secrets in what a chain says, is told and hands on', () => {
    const [safe, random] = [redact(), seededRandom(6)];
    for (const { name, secret } of secrets(500, random)) {
      const kept = exported();
      const cut = Math.floor(random() * secret.length);
      const model = saying(`It is ${secret.slice(0, cut)}`, `${secret.slice(cut)} , yes.`);
      chain(chat(model), text(), said).run(`is it ${secret} ?`, { tracer: safe(kept) }).subscribe();
      expect([secret, kept.ndjson.includes(secret.slice(-10)), JSON.stringify(kept.runs.runs).includes(secret.slice(-10))]).toEqual([secret, false, false]);
      expect(kept.runs.runs.map(({ kind }) => kind)).toEqual(['chain', 'llm', 'parser', 'parser']);
      expect(kept.runs.runs[0]).toMatchObject({ inputs: `is it [redacted:${name}] ?`, outputs: `It is [redacted:${name}] , yes.` });
    }
  });

  test('knows it in pieces of one character, of a text that ends with it, reasoning and tool output too', marbles((_, scheduler) => {
    const kept = exported();
    const tracer = redact()(kept);
    chat(saying(...`key ${SECRET}`)).run('?', { tracer, scheduler }).subscribe();
    const leaky = tool({ name: 'leaky', input: { type: 'object' }, run: () => pull([...SECRET]) });
    callTools([leaky]).run(assistant([{ type: 'tool_call', id: 'c1', name: 'leaky', args: {} }]), { tracer, scheduler }).subscribe();
    scheduler.flush();
    expect(tokens(kept.events)).toBe(`key ${GONE}`);
    const deltas = kept.events.flatMap((event) => (event.type === 'tool_delta' ? [event.delta] : []));
    expect(deltas.join('')).toBe(GONE);
    expect(kept.ndjson).not.toContain('aB3aB3');
  }));

  test('knows it in the pieces of a message that a tool hands on, whose ids stay whole', marbles((_, scheduler) => {
    const kept = exported();
    const agent = tool({ name: 'agent', input: { type: 'object' }, run: () => pull([...SECRET].map((text) => messageChunk({ id: 'card 4111', text }))) });
    callTools([agent]).run(assistant([{ type: 'tool_call', id: 'c1', name: 'agent', args: {} }]), { tracer: redact()(kept), scheduler }).subscribe();
    scheduler.flush();
    const deltas = kept.events.flatMap((event) => (event.type === 'tool_delta' ? [event.delta as { readonly id: string; readonly text: string }] : []));
    expect(deltas.map(({ text }) => text).join('')).toBe(GONE);
    expect(new Set(deltas.map(({ id }) => id))).toEqual(new Set(['card 4111']));
    expect(kept.ndjson).not.toContain('aB3aB3');
  }));

  test('leaves no piece of it in the first piece of a span’s input, and tells the input whole at the end', marbles((_, scheduler) => {
    const kept = exported();
    chain(chat(saying(`my key is ${SECRET.slice(0, 18)}`, SECRET.slice(18))), text(), said).run('', { tracer: redact()(kept), scheduler }).subscribe();
    expect(kept.events.find((event) => event.type === 'span_start' && event.name === 'said')).toMatchObject({ input: 'my key is ' });
    expect(kept.runs.runs.find(({ name }) => name === 'said')).toMatchObject({ outputs: `my key is ${GONE}` });
    const one = exported();
    chain(lambda(() => 'call 4111 1111 1111'), said).run('', { tracer: redact()(one), scheduler }).subscribe();
    expect(one.runs.runs.find(({ name }) => name === 'said')).toMatchObject({ inputs: 'call 4111 1111 1111' });
  }));

  test('has none in errors, metadata, tags, names, custom events and retries', marbles((_, scheduler) => {
    const kept = exported();
    const failing = lambda((_input: string, run: RunScope) => {
      run.emit({ headers: { authorization: SECRET }, note: [SECRET] });
      return throwError(() => new Error(`bad ${SECRET}`, { cause: SECRET }));
    });
    span(`call ${SECRET}`, 'tool', failing).run(SECRET, { tracer: redact()(kept), scheduler, tags: [SECRET], metadata: { key: SECRET } }).subscribe({ error: () => undefined });
    const [run] = kept.runs.runs;
    expect(run).toMatchObject({ name: `call ${GONE}`, status: 'error', inputs: GONE, tags: [GONE], metadata: { key: GONE }, events: [{ name: 'custom', data: { value: { headers: { authorization: '[redacted:authorization]' }, note: [GONE] } } }] });
    expect(run?.error).toMatchObject({ message: `bad ${GONE}`, cause: GONE });
    expect(kept.ndjson).not.toContain(SECRET);
  }));

  test('changes nothing of what the run and other sinks see', marbles(({ expectObservable }, scheduler) => {
    const [seen, kept] = [recorder(), exported()];
    const flowing = chain(lambda((s: string) => timer(2).pipe(map(() => s))), lambda((s: string) => of(s.length)));
    expectObservable(flowing.run(SECRET, { tracer: redact()(kept), events: seen, scheduler })).toBe('--(a|)', { a: SECRET.length });
    scheduler.flush();
    expect(seen.events[0]).toMatchObject({ input: SECRET });
    expect(kept.events.map(({ type, seq, at, runId }) => [type, seq, at, runId])).toEqual(seen.events.map(({ type, seq, at, runId }) => [type, seq, at, runId]));
    expect(kept.runs.runs[0]?.inputs).toBe(GONE);
  }));

  test('keeps the order of events: what was held of a message comes before its run’s end', marbles((_, scheduler) => {
    const kept = exported();
    chat(saying('my ', 'ghp_', 'abc')).run('?', { tracer: redact()(kept), scheduler }).subscribe();
    expect(kept.events.map((event) => [event.type, ...(event.type === 'token' ? [event.text] : [])])).toEqual([['run_start'], ['token', 'my '], ['token', ''], ['token', ''], ['token', 'ghp_abc'], ['run_end']]);
  }));

  test('says what the program wants in place of a secret, by rules of its own', () => {
    const kept = exported();
    const tracer = redact([{ name: 'badge', pattern: /ACME-\d{6}/ }], { keys: ['who'], replacement: (name) => `<${name}>` })(kept);
    lambda((x: object) => x).run({ a: 'ACME-123456', who: 'me', password: 'x' }, { tracer }).subscribe();
    expect(kept.runs.runs[0]?.inputs).toEqual({ a: '<badge>', who: '<who>', password: 'x' });
  });
});
