import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { assistant } from '../../operators/messages/assistant.js';
import type { Message } from '../../operators/messages/Message.js';
import { textOf } from '../../operators/messages/textOf.js';
import { toolResult } from '../../operators/messages/toolResult.js';
import { user } from '../../operators/messages/user.js';
import { chat } from '../../operators/models/chat.js';
import { ModelError } from '../../operators/models/ModelError.js';
import { scripted } from '../../operators/models/scripted/scripted.js';
import { toolCall } from '../chunkValue.js';
import { marbles } from '../marbles.js';
import { model } from '../model.js';
import * as browser from '../nodeOnly.js';
import { record } from './record.js';
import { replay } from './replay.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-cassettes-'));
  file = join(folder, 'deep', 'one.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recorded = (): { recordings: { request: unknown; chunks: unknown[]; end: unknown }[] } & Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8'));

describe('a cassette', () => {
  test('replays chunks in the time in which they came', () => {
    const chunks = { a: { id: 'id-1', text: 'Hel' }, b: { id: 'id-1', toolCalls: [{ index: 0, id: 'call-1', name: 'add', args: '{"n":1}' }] } };
    marbles(({ expectRun }) => {
      expectRun(chat(record(model('--a---(b|)', { a: 'Hel', b: toolCall('add', { n: 1 }) }), file)), 'Hi').toBe('--a---(b|)', chunks);
    })();
    marbles(({ expectRun, expectNothingLeft }) => {
      expectRun(chat(replay(file)), 'Hi').toBe('--a---(b|)', chunks);
      expectNothingLeft();
    })();
    marbles(({ expectRun }) => void expectRun(chat(replay(file, { keepTiming: false })), 'Hi').toBe('(ab|)', chunks))();
  });

  test('answers what folds as it did', async () => {
    const live = scripted([{ when: 'sum', reasoning: 'Well', calls: [{ name: 'add', args: { n: [1, 2] } }] }, { reply: 'Three, {text}.' }]);
    const taped = chat(record(live, file));
    const messages = [await taped.invoke('sum?'), await taped.invoke('thanks')];
    const again = chat(replay(file));
    expect([await again.invoke('sum?'), await again.invoke('thanks')]).toEqual(messages);
    expect(replay(file)).toMatchObject({ id: 'scripted', capabilities: live.capabilities });
  });

  test('carries a conversation with tools, whatever ids it got', async () => {
    const converse = async (asks: ReturnType<typeof chat>): Promise<string> => {
      const history: Message[] = [user('2 + 3?')];
      const call = await asks.invoke(history);
      history.push(call, toolResult(call.toolCalls[0]?.id ?? '', '5'));
      return textOf(await asks.invoke(history));
    };
    const live = scripted([{ after: 'add', reply: 'It is {result}.' }, { calls: [{ name: 'add' }] }]);
    expect(await converse(chat(record(live, file)))).toBe('It is 5.');
    expect(await converse(chat(replay(file)))).toBe('It is 5.');
  });

  test('replays errors, at their time', () => {
    const errors = {
      model: new ModelError('MODEL_RATE_LIMIT', 'too many. Wait', { provider: 'acme', status: 429, retryAfterMs: 70, retryable: false }),
      library: new RivuletError('TIMEOUT', 'late. Wait'),
      other: new TypeError('odd'),
    };
    for (const error of Object.values(errors)) {
      marbles(({ expectRun }) => void expectRun(chat(record(model('-a-#', {}, { error }), file)), 'Hi').toBe('-a-#', { a: { id: 'id-1', text: 'a' } }, error))();
      marbles(({ expectRun }) => void expectRun(chat(replay(file)), 'Hi').toBe('-a-#', { a: { id: 'id-1', text: 'a' } }, error))();
    }
  });

  test('keeps no cause of an error, which may hold a key', async () => {
    const error = new ModelError('MODEL_AUTH', 'no', { provider: 'acme', cause: { headers: { authorization: 's3cret' } } });
    await expect(chat(record(model('#', {}, { error }), file)).invoke('Hi')).rejects.toThrow('MODEL_AUTH');
    expect(readFileSync(file, 'utf8')).not.toContain('s3cret');
  });

  test('hangs where its answer was left', () => {
    marbles(({ expectRun }) => void expectRun(chat(record(model('-a-b-|'), file)), 'Hi').until('--!'))();
    expect(recorded().recordings).toMatchObject([{ chunks: [[1, { text: 'a' }]], end: { kind: 'left', atMs: 2 } }]);
    marbles(({ expectRun }) => void expectRun(chat(replay(file)), 'Hi').until('9ms !').toBe('-a-', { a: { id: 'id-1', text: 'a' } }))();
  });

  test('answers the same request in the order of its recordings, each once', async () => {
    const taped = chat(record(scripted([{ times: 1, reply: 'first' }, { reply: 'second' }]), file));
    await taped.invoke('Hi');
    await taped.invoke('Hi');
    const again = chat(replay(file));
    expect([textOf(await again.invoke('Hi')), textOf(await again.invoke('Hi'))]).toEqual(['first', 'second']);
    await expect(again.invoke('Hi')).rejects.toMatchObject({ code: 'CASSETTE_MISS', message: expect.stringContaining("one.json' has this request 2 times, and it was asked once more. Record it anew") });
  });

  test('says what differs from the closest recording', async () => {
    const taped = chat(record(scripted([{ reply: 'x' }]), file));
    await taped.invoke([user('a'), assistant('b'), user('Weather in Oslo?')]);
    await taped.invoke('Something else');
    await expect(chat(replay(file)).invoke([user('a'), assistant('b'), user('Weather in Rome?')])).rejects.toMatchObject({
      code: 'CASSETTE_MISS',
      message: expect.stringContaining('The closest is number 1, which differs at messages[2].content[0].text: recorded "Weather in Oslo?", asked "Weather in Rome?". Record'),
    });
    await expect(chat(replay(file), { temperature: 1, seed: 2 }).invoke('Something else')).rejects.toThrow(/number 2, which differs at seed: recorded undefined, asked 2, and in 1 more place\./);
  });

  test('is empty until an answer has ended, and is written anew by the next record', async () => {
    const taped = chat(record(scripted([{ reply: 'x' }]), file));
    expect(existsSync(file)).toBe(false);
    await taped.invoke('a');
    await taped.invoke('b');
    expect(recorded().recordings).toHaveLength(2);
    await chat(record(scripted([{ reply: 'x' }]), file)).invoke('c');
    expect(recorded()).toMatchObject({ format: 'rivulet-cassette', version: 1, model: { id: 'scripted' }, recordings: [{ request: { messages: [{ role: 'user', content: [{ type: 'text', text: 'c' }] }] } }] });
    expect(readdirSync(join(folder, 'deep'))).toEqual(['one.json']);
  });

  test('keeps no secrets of a request', async () => {
    await chat(record(scripted([{ reply: 'x' }]), file), { extra: { headers: { authorization: 'Bearer s3cret' } } }).invoke('Hi');
    expect(readFileSync(file, 'utf8')).not.toContain('s3cret');
    expect(textOf(await chat(replay(file), { extra: { headers: { authorization: 'Bearer other' } } }).invoke('Hi'))).toBe('x');
  });

  test('records answers that overlap, in the order of the questions', () => {
    marbles(({ expectRun }) => {
      const both = chat(record(model(['---a|', '-b|']), file));
      expectRun(both, 'slow');
      expectRun(both, 'fast');
    })();
    expect(recorded().recordings).toMatchObject([{ chunks: [[3, { text: 'a' }]] }, { chunks: [[1, { text: 'b' }]] }]);
  });

  test('that cannot be written is an error of the stream', async () => {
    writeFileSync(join(folder, 'deep'), 'a file where a folder should be');
    await expect(chat(record(scripted([{ reply: 'x' }]), file)).invoke('Hi')).rejects.toThrow(/EEXIST|ENOTDIR/);
  });

  test.each([
    ['a newer version', { format: 'rivulet-cassette', version: 2, recordings: [] }, 'has the version 2, newer than the 1'],
    ['another document', { hello: 1 }, 'is not a cassette'],
    ['null', null, 'is not a cassette'],
    ['half a cassette', { format: 'rivulet-cassette', version: 1, model: { id: 'x' }, recordings: [{ request: {} }] }, 'is damaged'],
    ['no recordings', { format: 'rivulet-cassette', version: 1, model: { id: 'x' } }, 'is damaged'],
    ['recordings that are no list', { format: 'rivulet-cassette', version: 1, model: { id: 'x' }, recordings: { a: 1 } }, 'is damaged'],
    ['a recording that is none', { format: 'rivulet-cassette', version: 1, model: { id: 'x' }, recordings: [null] }, 'is damaged'],
  ])('with %s is refused', (_, document, message) => {
    const path = join(folder, 'bad.json');
    writeFileSync(path, JSON.stringify(document));
    expect(() => replay(path)).toThrow(expect.objectContaining({ code: 'CASSETTE_INVALID', message: expect.stringContaining(message) }));
  });

  test('that is no JSON, or not there, is refused', () => {
    writeFileSync(join(folder, 'bad.json'), '{');
    expect(() => replay(join(folder, 'bad.json'))).toThrow(expect.objectContaining({ code: 'CASSETTE_INVALID' }));
    expect(() => replay(join(folder, 'none.json'))).toThrow(expect.objectContaining({ code: 'CASSETTE_MISS', message: expect.stringContaining('Record one with record(model, file)') }));
  });

  test('needs Node', () => {
    expect(() => browser.record(scripted([{ reply: 'x' }]), file)).toThrow(expect.objectContaining({ code: 'NODE_ONLY' }));
    expect(() => browser.replay(file)).toThrow(expect.objectContaining({ code: 'NODE_ONLY' }));
  });
});
