import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { NEVER, Observable, Subject, throwError } from 'rxjs';
import { AssistantModule } from '../../examples/nest-sse/assistant.module.js';
import { RunLog } from '../../examples/nest-sse/runLog.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import type { MessageChunk } from '../../src/operators/messages/Message.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { ModelError } from '../../src/operators/models/ModelError.js';
import { scripted } from '../../src/operators/models/scripted/scripted.js';

interface Wired {
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly event: RunEvent;
}

/** The events of an answer, as they arrive. */
async function* eventsOf(response: Response): AsyncGenerator<Wired> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of response.body as ReadableStream<Uint8Array>) {
    const blocks = (text + decoder.decode(part, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const));
      const data = fields.get('data');
      if (data !== undefined) yield { name: fields.get('event'), id: fields.get('id'), event: JSON.parse(data) as RunEvent };
    }
  }
}

/** A model that says what the test makes it say, and tells when it is left. */
function modelByHand(): { model: ChatModel; say(text: string): void; left: Promise<void> } {
  const chunks = new Subject<MessageChunk>();
  let leave: () => void;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const stream = (): Observable<MessageChunk> =>
    new Observable((subscriber) => {
      subscriber.add(chunks.subscribe(subscriber));
      subscriber.add(leave);
    });
  return { model: { id: 'by hand', capabilities: {}, stream }, say: (text) => chunks.next(messageChunk({ id: 'm', text })), left };
}

let app: INestApplication;
let logged: RunEvent[];

async function listen(model: ChatModel): Promise<string> {
  app = await NestFactory.create(AssistantModule.forRoot(model), new ExpressAdapter(), { logger: false, forceCloseConnections: true });
  jest.spyOn(app.get(RunLog), 'next').mockImplementation((event) => void logged.push(event));
  await app.listen(0, '127.0.0.1');
  return `${await app.getUrl()}/assistant/events`;
}

beforeEach(() => {
  logged = [];
});
afterEach(() => app.close());

describe('nest-sse', () => {
  test('streams tokens as they come; a client that leaves cancels the run, down to the model', async () => {
    const { model, say, left } = modelByHand();
    const client = new AbortController();
    const response = await fetch(`${await listen(model)}?question=hi`, { signal: client.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');

    const events = eventsOf(response);
    const nextToken = async (): Promise<unknown> => {
      for (;;) {
        const { value } = (await events.next()) as { value: Wired };
        if (value.event.type === 'token') return value.event.text;
      }
    };
    say('Hel');
    expect(await nextToken()).toBe('Hel');
    say('lo');
    expect(await nextToken()).toBe('lo');
    expect(logged.map(({ type }) => type)).not.toContain('run_end');

    client.abort();
    await left;
    expect(logged.slice(-2)).toMatchObject([
      { type: 'span_end', status: 'cancelled' },
      { type: 'run_end', status: 'cancelled' },
    ]);
    say('to nobody');
    expect(logged.at(-1)?.type).toBe('run_end');
  });

  test('ends when the run is done, having told of the tool that was called', async () => {
    const url = await listen(scripted([{ when: '6 * 7', calls: [{ name: 'multiply', args: { a: 6, b: 7 } }] }, { after: 'multiply', reply: 'That makes {result}.' }]));
    const wired: Wired[] = [];
    for await (const event of eventsOf(await fetch(url))) wired.push(event);
    const events = wired.map(({ event }) => event);

    expect(wired.map(({ name }) => name)).toEqual(events.map(({ type }) => type));
    expect(wired.map(({ id }) => id)).toEqual(events.map(({ seq }) => String(seq)));
    expect(events).toEqual(JSON.parse(JSON.stringify(logged)));
    expect(events.at(0)).toMatchObject({ type: 'run_start', input: 'How much is 6 * 7?' });
    expect(events).toContainEqual(expect.objectContaining({ type: 'tool_start', name: 'multiply', input: { a: 6, b: 7 } }));
    expect(events.flatMap((event) => (event.type === 'token' ? event.text : [])).join('')).toBe('That makes 42.');
    expect(events.at(-1)).toMatchObject({ type: 'run_end', status: 'done' });
  });

  test('tells a client of an error, without its cause, and ends', async () => {
    const failure = new ModelError('MODEL_OVERLOADED', 'busy', { provider: 'by hand', cause: new Error('secret') });
    const url = await listen({ id: 'by hand', capabilities: {}, stream: () => throwError(() => failure) });
    const wired: Wired[] = [];
    for await (const event of eventsOf(await fetch(url))) wired.push(event);
    expect(wired.at(-1)).toMatchObject({ name: 'run_error', event: { error: { code: 'MODEL_OVERLOADED', message: failure.message } } });
    expect(JSON.stringify(wired)).not.toContain('secret');
  });

  test('two clients have a run each', async () => {
    const url = await listen({ id: 'by hand', capabilities: {}, stream: () => NEVER });
    const clients = [new AbortController(), new AbortController()];
    const streams = await Promise.all(clients.map(async ({ signal }) => eventsOf(await fetch(url, { signal }))));
    const first = await Promise.all(streams.map(async (events) => (await events.next()).value as Wired));
    expect(new Set(first.map(({ event }) => event.runId)).size).toBe(2);
    for (const client of clients) client.abort();
  });
});
