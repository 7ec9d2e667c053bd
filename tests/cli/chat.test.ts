import { describe, expect, test } from '@jest/globals';
import { runCli } from '../../src/cli/runCli.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { fakeIo, type FakeIo } from './fakeIo.js';

const chat = (args: readonly string[], io: FakeIo): Promise<number> => runCli(['chat', ...args], io);

describe('rivulet chat, in a pipe', () => {
  test('answers the question that is piped in, plainly, and ends 0', async () => {
    const io = fakeIo();
    io.stdin.end('What is 2 * (3 + 4)?\n');
    expect(await chat(['--tools', 'calculator'], io)).toBe(0);
    expect(io.out()).toMatch(/> calculate\(\{"expression":"2 \* \(3 \+ 4\)"\}\)\n {2}14\nThat makes 14\.\n\[\d+ tokens in, \d+ out, [\d.]+ s\]\n$/);
    expect(io.out()).not.toContain('\u001b');
  });

  test('writes events as NDJSON with --json', async () => {
    const io = fakeIo();
    expect(await chat(['--json', 'hello'], io)).toBe(0);
    const events = io.out().trimEnd().split('\n').map((line) => JSON.parse(line) as RunEvent);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, seq) => seq));
    expect(events.at(0)?.type).toBe('run_start');
    expect(events.at(-1)?.type).toBe('run_end');
    expect(events.filter((event) => event.type === 'token').map((event) => event.text).join('')).toContain('scripted model inside Rivulet');
  });

  test('--system is what the model is told first', async () => {
    const io = fakeIo();
    await chat(['--json', '--system', 'Be brief.', 'hello'], io);
    expect(io.out()).toContain('Be brief.');
  });

  test('Ctrl-C cancels the answer and ends 130', async () => {
    const io = fakeIo();
    const code = chat(['tell me a long story'], io);
    await io.said(/scripted/);
    io.interrupt();
    expect(await code).toBe(130);
    expect(io.out()).toContain('[cancelled]');
    expect(io.out()).not.toContain('long story');
  });
});

describe('rivulet chat, in a terminal', () => {
  test('keeps the conversation; the first Ctrl-C cancels the answer, the second leaves', async () => {
    const io = fakeIo({ tty: true });
    const code = chat([], io);
    io.stdin.write('hello\n');
    await io.said(/tokens in/);
    io.stdin.write('and a longer one\n');
    await io.said(/model inside[^]*model inside/);
    io.interrupt();
    await io.said(/\[cancelled\]/);
    io.interrupt();
    expect(await code).toBe(130);
  });

  test('shows a spinner while it waits, and leaves nothing of it', async () => {
    const io = fakeIo({ tty: true });
    const code = chat([], io);
    io.stdin.write('hello\n');
    await io.said(/tokens in/);
    io.stdin.end('/quit\n');
    expect(await code).toBe(0);
    expect(io.out()).toContain('⠋');
    expect(io.out()).toContain('\r\u001b[K');
  });
});

describe('a command line that is wrong ends 2 and says what would be right', () => {
  test.each([
    [[], /chat {5}talk to a model/],
    [['fly'], /no command 'fly'.*chat/],
    [['chat', '--model', 'gpt', 'hi'], /'gpt' is no model.*openai:NAME.*URL#NAME/],
    [['chat', '--model', 'openai:gpt-5', 'hi'], /OPENAI_API_KEY is not set/],
    [['chat', '--model', 'anthropic:claude', 'hi'], /ANTHROPIC_API_KEY is not set/],
    [['chat', '--tools', 'hammer', 'hi'], /no tool 'hammer'.*calculator, clock, files/],
    [['chat', '--colour', 'hi'], /--colour/],
    [['chat'], /nothing was asked/],
  ])('%j', async (argv, message) => {
    const io = fakeIo();
    io.stdin.end();
    expect(await runCli(argv, io)).toBe(2);
    expect(io.out() + io.err()).toMatch(message);
  });
});

test('a server that refuses ends 1 and says so', async () => {
  const io = fakeIo();
  expect(await chat(['--model', 'http://127.0.0.1:9/v1#any', 'hi'], io)).toBe(1);
  expect(io.err()).toMatch(/MODEL_NETWORK/);
});

test('the tour uses tools on real files, and ends by itself when nobody can type', async () => {
  const io = fakeIo();
  expect(await runCli(['tour'], io)).toBe(0);
  expect(io.out()).toMatch(/> list_files\(.*"src\/core".*\)\n {2}\d+ files, \d+ lines/);
  expect(io.out()).toMatch(/About [\d.]+ lines each/);
  expect(io.out()).toMatch(/It needs RxJS \^7/);
});
