import { describe, expect, test } from '@jest/globals';
import { defer, map, of, take, throwError, timer, type Observable } from 'rxjs';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import type { Flow } from '../../src/core/flow/flow.js';
import { chain } from '../../src/core/flow/chain.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import type { Message, MessageChunk } from '../../src/operators/messages/Message.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { toolResult } from '../../src/operators/messages/toolResult.js';
import { textOf } from '../../src/operators/messages/textOf.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatModel, ChatRequest } from '../../src/operators/models/ChatModel.js';
import { text } from '../../src/operators/parsers/text.js';
import type { MaxTurnsError } from '../../src/operators/tools/MaxTurnsError.js';
import { tool } from '../../src/operators/tools/tool.js';
import { toolLoop, type ToolLoop, type ToolLoopChunk } from '../../src/operators/tools/toolLoop.js';
import { transcript } from '../../src/operators/tools/transcript.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';

const says = (id: string, piece: string): MessageChunk => messageChunk({ id, text: piece });
const calls = (id: string, name: string, args: unknown = {}): MessageChunk =>
  messageChunk({ id, toolCalls: [{ index: 0, id: `call-${id}`, name, args: JSON.stringify(args) }], finishReason: 'tool_calls' });

/** A model that gives one answer after the other, and keeps what it was asked. */
function answering(...answers: readonly Observable<MessageChunk>[]): ChatModel & { readonly requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  return {
    id: 'test',
    capabilities: { tools: true },
    requests,
    stream: (request) => {
      requests.push(request);
      return answers[requests.length - 1] ?? throwError(() => new Error('asked too often'));
    },
  };
}

/** Runs a flow to its result, in virtual time. */
function whenDone<I, O, R>(target: Flow<I, O, R>, input: I, use: (result: R) => void): void {
  const folding = target.fold.start();
  target.run(input).subscribe({ next: (chunk) => folding.add(chunk), complete: () => use(folding.result()) });
}

/** A chunk in a line. */
const line = (chunk: ToolLoopChunk): string => ('role' in chunk ? `${chunk.toolCallId}: ${textOf(chunk)}` : (chunk.text ?? `calls ${String(chunk.toolCalls?.[0]?.name)}`));

const roles = (messages: readonly Message[]): string => messages.map((message) => `${message.role}: ${textOf(message)}`).join(', ');

const add = tool({ name: 'add', input: { type: 'object' }, run: ({ a, b }: { a: number; b: number }) => timer(3).pipe(map(() => a + b)) });

describe('a conversation', () => {
  test('asks, runs the tools, asks again; streams the tokens of every turn', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const first = cold('-a-(c|)', { a: says('m1', 'Hm. '), c: calls('m1', 'add', { a: 2, b: 2 }) });
    const second = cold('-a-(b|)', { a: says('m2', 'It is '), b: says('m2', '4.') });
    const loop = toolLoop(answering(first, second), [add]);
    expectObservable(loop.run('2+2?').pipe(map(line))).toBe('-a-c--rx-(y|)', { a: 'Hm. ', c: 'calls add', r: 'call-m1: 4', x: 'It is ', y: '4.' });
    expectSubscriptions(first.subscriptions).toBe('^--!');
    expectSubscriptions(second.subscriptions).toBe('------^--!');
  }));

  test('tells the model everything said so far, after the system message', marbles(({ cold, flush }) => {
    const model = answering(cold('(c|)', { c: calls('m1', 'add', { a: 1, b: 1 }) }), cold('(c|)', { c: calls('m2', 'nothing') }), cold('(a|)', { a: says('m3', 'Two.') }));
    toolLoop(model, [add], { system: 'Count.', temperature: 0 }).run(['Hello', { role: 'user', content: '1+1?' }]).subscribe();
    flush();
    expect(model.requests.map(({ messages }) => roles(messages))).toEqual([
      'system: Count., user: Hello, user: 1+1?',
      'system: Count., user: Hello, user: 1+1?, assistant: , tool: 2',
      "system: Count., user: Hello, user: 1+1?, assistant: , tool: 2, assistant: , tool: TOOL_UNKNOWN: there is no tool 'nothing'. Tools: add (docs/errors/TOOL_UNKNOWN.md)",
    ]);
    expect(model.requests.every(({ temperature, tools }) => temperature === 0 && tools?.length === 1)).toBe(true);
  }));

  test('its result is the last message; with transcript() it is all of them and what they cost', marbles(({ cold, flush }) => {
    const paid = (id: string): MessageChunk => messageChunk({ id, usage: { inputTokens: 10, outputTokens: 2, reasoningTokens: 1 } });
    const answers = [cold('(cp|)', { c: calls('m1', 'add', { a: 1, b: 1 }), p: paid('m1') }), cold('(ap|)', { a: says('m2', 'Two.'), p: paid('m2') })];
    const results: unknown[] = [];
    const loop = (): ToolLoop => toolLoop(answering(...answers), [add]);
    whenDone(loop(), '1+1?', (message) => results.push(textOf(message)));
    whenDone(chain(loop(), transcript()), '1+1?', ({ messages, message, usage }) => results.push(roles(messages), message.id, usage));
    flush();
    expect(results).toEqual(['Two.', 'assistant: , tool: 2, assistant: Two.', 'm2', { inputTokens: 20, outputTokens: 4, reasoningTokens: 2 }]);
  }));

  test('a text chain streams the text', marbles(({ cold, expectObservable }) => {
    const answers = [cold('-a-(c|)', { a: says('m1', 'Hm.'), c: calls('m1', 'add', { a: 2, b: 2 }) }), cold('-a-(b|)', { a: says('m2', 'It is '), b: says('m2', '4.') })];
    const asks = chain(toolLoop(answering(...answers), [add]), text());
    expectObservable(asks.run('2+2?')).toBe('-a-----x-(y|)', { a: 'Hm.', x: 'It is ', y: '4.' });
  }));

  test('an error of the model goes on', marbles(({ cold, expectObservable }) => {
    const loop = toolLoop(answering(cold('-(c|)', { c: calls('m1', 'add', { a: 0, b: 0 }) }), cold('-#')), [add]);
    expectObservable(loop.run('?').pipe(map(line))).toBe('-c--r#', { c: 'calls add', r: 'call-m1: 0' });
  }));

  test('an error of the source goes on, and the source is left', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const broken = cold<string>('-#');
    const loop = toolLoop(answering(cold('--a')), []);
    expectObservable(broken.pipe(loop)).toBe('-#');
    const asking = cold('-q-', { q: 'Hi' });
    expectObservable(asking.pipe(loop), '--!').toBe('---');
    expectSubscriptions(asking.subscriptions).toBe('^-!');
  }));
});

describe('turns', () => {
  const endless = (ask: () => void = () => undefined): ChatModel => ({
    id: 'endless',
    capabilities: {},
    stream: () => defer(() => (ask(), of(calls('m', 'add', { a: 1, b: 1 })))),
  });

  test('a model that never stops calling tools is stopped after ten, and its last calls are not run', () => {
    let asked = 0;
    let ran = 0;
    const counting = tool({ name: 'add', input: { type: 'object' }, run: () => ++ran });
    const errors: unknown[] = [];
    toolLoop(endless(() => asked++), [counting]).run('go').subscribe({ error: (error: unknown) => errors.push(error) });
    expect([asked, ran]).toEqual([10, 9]);
    expect(errors).toEqual([expect.objectContaining({ code: 'MAX_TURNS', maxTurns: 10, message: expect.stringContaining('after 10 turns the model still calls tools') })]);
    expect((errors[0] as MaxTurnsError).messages).toHaveLength(19);
  });

  test.each([
    [{ maxTurns: 3 }, {}, 3],
    [{}, { recursionLimit: 4 }, 4],
    [{ maxTurns: 30 }, { recursionLimit: 4 }, 30],
    [{ maxTurns: 1 }, {}, 1],
  ])('%j under %j are %i at most', (options, config, turns) => {
    let asked = 0;
    toolLoop(endless(() => asked++), [tool({ name: 'add', input: { type: 'object' }, run: () => 1 })], options).run('go', config).subscribe({ error: () => undefined });
    expect(asked).toBe(turns);
  });

  test('synchronous turns run in a loop, not on the stack', () => {
    let asked = 0;
    let told: unknown;
    const busy = toolLoop(endless(() => asked++), [tool({ name: 'add', input: { type: 'object' }, run: () => 1 })], { maxTurns: 600 });
    busy.run('go').subscribe({ error: (error: unknown) => (told = error) });
    expect(asked).toBe(600);
    expect(told).toMatchObject({ code: 'MAX_TURNS' });
  });

  test('a turn begins only when downstream is ready', marbles(({ expectObservable, flush }) => {
    let asked = 0;
    let gate: Gate | undefined;
    const slowly = mapAsync<ToolLoopChunk, string>((chunk) => timer(10).pipe(map(() => line(chunk))), { probe: (it) => (gate = it) });
    const quick = tool({ name: 'add', input: { type: 'object' }, run: () => 'ok' });
    const loop = toolLoop(endless(() => asked++), [quick]);
    expectObservable(loop.run('go').pipe(slowly), '35ms !').toBe('10ms a 9ms b 9ms a', { a: 'calls add', b: 'call-m: ok' });
    flush();
    expect(asked).toBe(2);
    expect(gate?.peak).toBe(1);
  }));

  test('a forced tool choice holds for the first', marbles(({ cold, flush }) => {
    const model = answering(cold('(c|)', { c: calls('m1', 'add', { a: 1, b: 1 }) }), cold('(a|)', { a: says('m2', 'Two.') }));
    toolLoop(model, [add], { toolChoice: 'required' }).run('1+1?').subscribe();
    flush();
    expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual(['required', undefined]);
  }));
});

describe('cancellation', () => {
  test('in the middle of a token stream leaves the model', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const answer = cold('-a-b-c|', { a: says('m', 'a'), b: says('m', 'b'), c: says('m', 'c') });
    expectObservable(toolLoop(answering(answer), []).run('?').pipe(map(line)), '----!').toBe('-a-b-');
    expectSubscriptions(answer.subscriptions).toBe('^---!');
  }));

  test('in the middle of a tool leaves the tool, and asks no more', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work = cold('-----r|');
    const model = answering(cold('-(c|)', { c: calls('m', 'work') }));
    expectObservable(toolLoop(model, [tool({ name: 'work', input: { type: 'object' }, run: () => work })]).run('?').pipe(map(line)), '----!').toBe('-c---', { c: 'calls work' });
    expectSubscriptions(work.subscriptions).toBe('-^--!');
  }));

  test('at a result keeps the next turn from beginning', () => {
    const model = answering(of(calls('m1', 'now')), of(says('m2', 'never')));
    const seen: string[] = [];
    const loop = toolLoop(model, [tool({ name: 'now', input: { type: 'object' }, run: () => 'ok' })]);
    loop.run('?').pipe(map(line), take(2)).subscribe((chunk) => seen.push(chunk));
    expect(seen).toEqual(['calls now', 'call-m1: ok']);
    expect(model.requests).toHaveLength(1);
  });
});

describe('a flow in place of a model', () => {
  test('is retried without asking the turns before it again', marbles(({ cold, expectObservable }) => {
    const definitions = [add.definition];
    const model = answering(cold('-(c|)', { c: calls('m1', 'add', { a: 1, b: 1 }) }), cold('-#'), cold('-(a|)', { a: says('m3', 'Two.') }));
    const loop = toolLoop(withRetry(chat(model, { tools: definitions }), { initialMs: 2, jitter: 'none' }), [add]);
    expectObservable(loop.run('1+1?').pipe(map(line))).toBe('-c--r---(a|)', { c: 'calls add', r: 'call-m1: 2', a: 'Two.' });
  }));

  test('that starts a turn over tells the next only what counts', marbles(({ cold, flush }) => {
    const model = answering(cold('(a#)', { a: says('m1', 'I w') }), cold('(ac|)', { a: says('m1', 'I add.'), c: calls('m1', 'add', { a: 1, b: 1 }) }), cold('(a|)', { a: says('m2', 'Two.') }));
    const asking = withRetry(chat(model, { tools: [add.definition] }), { initialMs: 2, jitter: 'none', restart: true });
    toolLoop(asking, [add]).run('1+1?').subscribe();
    flush();
    expect(model.requests.map(({ messages }) => roles(messages)).at(-1)).toBe('user: 1+1?, assistant: I add., tool: 2');
  }));

  test('that starts a turn over supersedes that turn only', marbles(({ cold, flush }) => {
    const model = answering(cold('(c|)', { c: calls('m1', 'add', { a: 1, b: 1 }) }), cold('a#', { a: says('m2', 'Tw') }), cold('(a|)', { a: says('m3', 'Two.') }));
    const asking = withRetry(chat(model, { tools: [add.definition] }), { initialMs: 2, jitter: 'none', restart: true });
    const loop = chain(toolLoop(asking, [add]), transcript());
    const results: string[] = [];
    loop.start('1+1?').state$.subscribe(({ messages }) => results.push(roles(messages)));
    flush();
    expect(results.at(-1)).toBe('assistant: , tool: 2, assistant: Two.');
  }));
});

test('what was said so far is known in the middle of a run', () => {
  const chunks: readonly ToolLoopChunk[] = [calls('m1', 'add'), toolResult('call-m1', '2')];
  const [answer, all] = [toolLoop(answering(), []).fold.start(), transcript().fold.start()];
  for (const chunk of chunks) [answer, all].forEach((folding) => folding.add(chunk));
  expect(answer.result()).toMatchObject({ id: 'm1', toolCalls: [{ name: 'add' }] });
  expect(all.result().messages.map(({ role }) => role)).toEqual(['assistant', 'tool']);
});

test('what happened in it is told: an agent, with the model and the tools inside', marbles(({ cold, flush }) => {
  const events = recorder();
  const model = answering(cold('(c|)', { c: calls('m1', 'add', { a: 1, b: 1 }) }), cold('-(a|)', { a: says('m2', 'Two.') }));
  toolLoop(model, [add]).run('1+1?', { events }).subscribe();
  flush();
  expect(events.events.filter(({ type }) => type !== 'run_end').map((event) => `@${event.at} ${event.type} ${'name' in event ? event.name : ''}`.trim())).toEqual([
    '@0 run_start toolLoop',
    '@0 span_start test',
    '@0 span_end',
    '@0 tool_start add',
    '@0 span_start add',
    '@3 span_end',
    '@3 tool_end add',
    '@3 span_start test',
    '@4 token',
    '@4 span_end',
  ]);
}));
