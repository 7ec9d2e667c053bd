import { describe, expect, test } from '@jest/globals';
import { delay, map, of } from 'rxjs';
import { z } from 'zod';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { Link, operate, restartOf } from '../../src/core/subscription.js';
import { chat } from '../../src/operators/models/chat.js';
import { structured } from '../../src/operators/parsers/structured.js';
import type { StandardSchema, StandardResult } from '../../src/operators/tools/schema.js';
import { finish } from '../../src/testing/chunkValue.js';
import { model } from '../../src/testing/model.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';

const trip = z.object({ city: z.string(), days: z.number().default(1) });
const outputInvalid = (issues: unknown, raw: unknown) => expect.objectContaining({ code: 'OUTPUT_INVALID', issues, raw });
const CHUNKS = { a: '{"city":"Be', b: 'rn"', c: ',"days"', d: ':3}', e: ':"3"}', z: '}' };
const VALUES = { p: { city: 'Be' }, q: { city: 'Bern' }, r: { city: 'Bern', days: 3 }, s: { city: 'Bern', days: 1 } };

describe('structured', () => {
  test('grows, and ends with what the schema makes of it', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c-d|', CHUNKS);
    expectObservable(source.pipe(structured(trip))).toBe('-p-q----(r|)', VALUES);
    expectObservable(cold('-a-b-z-|', CHUNKS).pipe(structured(trip))).toBe('-p-q---(s|)', VALUES);
    expectSubscriptions(source.subscriptions).toBe('^-------!');
  }));

  test('fails at the end with what is wrong and what was read', marbles(({ cold, expectObservable }) => {
    const issues = [expect.objectContaining({ path: ['days'] })];
    expectObservable(cold('-a-b-c-e|', CHUNKS).pipe(structured(trip))).toBe('-p-q----#', VALUES, outputInvalid(issues, { city: 'Bern', days: '3' }));
  }));

  test('fails where it stops to be JSON, and leaves its source there', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-x-d|', { ...CHUNKS, x: 'oops' });
    expectObservable(source.pipe(structured(trip))).toBe('-p-q-#', VALUES, expect.objectContaining({ code: 'JSON_INVALID' }));
    expectSubscriptions(source.subscriptions).toBe('^----!');
  }));

  test('fails for an answer that ends too early or never began', marbles(({ cold, expectObservable }) => {
    const invalid = expect.objectContaining({ code: 'JSON_INVALID' });
    expectObservable(cold('-a-b|', CHUNKS).pipe(structured(trip))).toBe('-p-q#', VALUES, invalid);
    expectObservable(cold('---|').pipe(structured(trip))).toBe('---#', {}, invalid);
  }));

  test('ends with the error of its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-#', CHUNKS);
    expectObservable(source.pipe(structured(trip))).toBe('-p-#', VALUES);
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('ends with the error of the schema', marbles(({ cold, expectObservable }) => {
    const broken = (): never => {
      throw new Error('the schema is broken');
    };
    const schema: StandardSchema = { '~standard': { version: 1, vendor: 'acme', validate: broken } };
    expectObservable(cold('-a-b-z-|', CHUNKS).pipe(structured(schema))).toBe('-p-q---#', VALUES, new Error('the schema is broken'));
  }));

  test('ends with the error of an asynchronous schema', async () => {
    const schema: StandardSchema = { '~standard': { version: 1, vendor: 'acme', validate: async () => Promise.reject(new Error('the schema is broken')) } };
    await expect(structured(schema).invoke('"x"')).rejects.toThrow('the schema is broken');
    expect(await structured(z.string().transform(async (text) => text.length)).invoke('"abc"')).toBe(3);
  });

  test('leaves its source when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c-d|', CHUNKS);
    expectObservable(source.pipe(structured(trip)), '----!').toBe('-p-q-', VALUES);
    expectSubscriptions(source.subscriptions).toBe('^---!');
  }));

  test('makes its source wait for a slow consumer', marbles(({ cold, expectObservable }) => {
    let gate: Gate | undefined;
    const slow = mapAsync((value: unknown) => cold('--(x|)').pipe(map(() => value)), { probe: (probed) => (gate = probed) });
    expectObservable(pull(Object.values({ ...CHUNKS, e: '', z: '' })).pipe(structured(trip), slow)).toBe('--p-q-(r|)', VALUES);
    expectObservable(cold('20ms (x|)').pipe(map(() => gate?.peak))).toBe('20ms (n|)', { n: 1 });
  }));

  test('waits for a schema that is asynchronous, and can be left meanwhile', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const checked = cold('---(v|)', { v: { value: 'checked' } satisfies StandardResult<string> });
    const schema: StandardSchema<unknown, string> = { '~standard': { version: 1, vendor: 'acme', validate: () => thenable(checked) } };
    expectObservable(cold('-a-b-z-|', CHUNKS).pipe(structured(schema))).toBe('-p-q------(v|)', { ...VALUES, v: 'checked' });
    expectSubscriptions(checked.subscriptions).toBe('-------^--!');
  }));
});

/** A promise on the marbles' own time. */
function thenable<T>(source: { subscribe(next: (value: T) => void): unknown }): Promise<T> {
  const settled = { then: () => undefined };
  const then = (resolve: (value: T) => void): typeof settled => {
    source.subscribe(resolve);
    return settled;
  };
  return { then } as unknown as Promise<T>;
}

describe('structured, with repair', () => {
  const repairing = (answers: string[], values: Parameters<typeof model>[1] = CHUNKS) => model(answers, values);

  test('asks again when the answer does not fit: its answer streams, and is checked too', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const mender = repairing(['--a-b-c-d|']);
    expectObservable(cold('-a-b-c-e|', CHUNKS).pipe(structured(trip, { repair: { model: mender } }))).toBe('-p-q------p-q----(r|)', VALUES);
    flush();
    expectSubscriptions(mender.subscriptions).toBe('--------^--------!');
  }));

  test('asks again as soon as it stops to be JSON, and leaves the source', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const mender = repairing(['--a-b-c-d|']);
    const source = cold('-a-b-x-d|', { ...CHUNKS, x: 'oops' });
    expectObservable(source.pipe(structured(trip, { repair: { model: mender } }))).toBe('-p-q---p-q----(r|)', VALUES);
    expectSubscriptions(source.subscriptions).toBe('^----!');
    flush();
    expectSubscriptions(mender.subscriptions).toBe('-----^--------!');
  }));

  test('asks no more often than it may, and fails as the last answer does', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const mender = repairing(['--a-b-c-e|', '--a-|']);
    const values = { ...VALUES, x: { city: 'Be' } };
    expectObservable(cold('-a-b-c-e|', CHUNKS).pipe(structured(trip, { repair: { model: mender, maxAttempts: 2 } }))).toBe('-p-q------p-q------x-#', values, expect.objectContaining({ code: 'JSON_INVALID' }));
    flush();
    expectSubscriptions(mender.subscriptions).toBe(['--------^--------!', '-----------------^---!']);
  }));

  test('fails with the error of the repairing model', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-a-b-c-e|', CHUNKS).pipe(structured(trip, { repair: { model: repairing(['--#']) } }))).toBe('-p-q------#', VALUES, expect.objectContaining({ code: 'MODEL_OVERLOADED' }));
  }));

  test('an error of the source, or a limit, is not repaired', marbles(({ cold, expectObservable }) => {
    const mender = repairing(['--a-b-c-d|']);
    expectObservable(cold('-a-#', CHUNKS).pipe(structured(trip, { repair: { model: mender } }))).toBe('-p-#', VALUES);
    expectObservable(cold('-a-b-|', CHUNKS).pipe(structured(trip, { maxLength: 12, repair: { model: mender } }))).toBe('-p-#', VALUES, expect.objectContaining({ code: 'JSON_LIMIT' }));
    expectObservable(of(0).pipe(delay(9), map(() => mender.calls))).toBe('9ms (n|)', { n: 0 });
  }));

  test('leaving it cancels the repairing model', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const mender = repairing(['--a-b-c-d|']);
    expectObservable(cold('-a-b-c-e|', CHUNKS).pipe(structured(trip, { repair: { model: mender } })), '-----------!').toBe('-p-q------p-', VALUES);
    flush();
    expectSubscriptions(mender.subscriptions).toBe('--------^--!');
  }));

  test('tells what follows that it starts over', async () => {
    const count = flow('count', operate<unknown, number>((source, subscriber) => {
      let values = 0;
      source.subscribe(new Link<unknown>(subscriber, { next: () => values++, restart: () => (values = 0), complete: () => { subscriber.next(values); subscriber.complete(); } }));
    }));
    const pieces = flow('pieces', operate<string, string>((source, subscriber) =>
      source.subscribe(new Link<string>(subscriber, { next: (text) => text.split('|').forEach((piece) => subscriber.next(piece)) }))), { fold: concatText });
    const mender = model('(ad|)', { a: '{"city":"Bern","days"', d: ':2}' });
    const run = chain(pieces, structured(trip, { repair: { model: mender } }), count);
    expect(await run.invoke('{"city":"B|ern","days":"x"}')).toBe(2); // { city: 'Bern' }, { city: 'Bern', days: 2 }
  });

  test('tells the model the schema, what is wrong and what it said', async () => {
    const mender = model('(a|)', { a: '{"city":"Bern"}' });
    await structured(trip, { repair: { model: mender } }).invoke('Sure: {"city":3,"days":"x"} Bye');
    const [system, user] = mender.requests[0]?.messages ?? [];
    expect(system?.role).toBe('system');
    const text = JSON.stringify(user?.content);
    for (const part of ['"city', 'days', 'expected string', 'Sure: ', 'Bye', 'default']) expect(text).toContain(JSON.stringify(part).slice(1, -1));
  });

  test('asks by the model\'s own structured output where it has one, and by a prompt of the caller', async () => {
    const mender = model('(a|)', { a: '{"city":"Bern"}' }, { capabilities: { structuredOutput: true } });
    const prompt = ({ error, text }: { readonly error: { readonly code: string }; readonly text: string }) => `${error.code}: ${text}`;
    await structured(trip, { repair: { model: mender, prompt, options: { temperature: 0 } } }).invoke('{"city":');
    expect(mender.requests[0]).toMatchObject({ temperature: 0, output: { name: 'answer', schema: { type: 'object' } }, messages: [{ role: 'user', content: [{ type: 'text', text: 'JSON_INVALID: {"city":' }] }] });
  });

  test('tells whoever watches', async () => {
    const watch = recorder();
    const mender = model('(a|)', { a: '{"city":"Bern"}' });
    await structured(trip, { repair: { model: mender } }).invoke('{"city":"x","days":"y"}', { events: watch });
    const told = watch.events.map(({ type }) => type);
    expect(told.filter((type) => ['retry', 'superseded', 'span_start', 'run_end'].includes(type))).toEqual(['retry', 'span_start', 'run_end']);
    const late = recorder();
    const pieces = flow('pieces', operate<string, string>((source, subscriber) => source.subscribe(new Link<string>(subscriber, { next: (text) => text.split('|').forEach((piece) => subscriber.next(piece)) }))), { fold: concatText });
    await chain(pieces, structured(trip, { repair: { model: mender } })).invoke('{"city":"x|","days":"y"}', { events: late });
    expect(late.events.map(({ type }) => type)).toContain('superseded');
  });
});

describe('structured, when its source starts over', () => {
  test('forgets what it read and passes it on', async () => {
    const again = flow('again', operate<string, string>((source, subscriber) => {
      const restart = restartOf(subscriber);
      source.subscribe(new Link<string>(subscriber, { next: () => { subscriber.next('{"city":"Ro'); restart(); subscriber.next('{"city":'); subscriber.next('"Bern"}'); } }));
    }));
    expect(await chain(again, structured(trip)).invoke('')).toEqual({ city: 'Bern', days: 1 });
  });

  test('the chunks of a model are read, its other fields passed over', marbles(({ expectObservable }) => {
    const asked = model('-a-b-c-(df|)', { ...CHUNKS, f: finish('stop') });
    expectObservable(chain(chat(asked), structured(trip)).run('Where?')).toBe('-p-q---(r|)', VALUES);
  }));
});
