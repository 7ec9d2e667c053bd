import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { append } from 'rivulet/channels';
import { START, StateGraph } from 'rivulet/pregel';
import { fileTracer, readTrace, type RunTree } from 'rivulet/tracing';
import { runCli } from '../../src/cli/runCli.js';
import { fakeIo } from './fakeIo.js';

const cwd = mkdtempSync(join(tmpdir(), 'rivulet-trace-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Times are the machine's. */
const timeless = (text: string): string => text.replace(/\d+(\.\d+)? m?s/g, 'N ms');

describe('rivulet chat --trace', () => {
  test('draws each answer’s tree on standard error; the answer alone is on standard output', async () => {
    const io = fakeIo({ cwd });
    expect(await runCli(['chat', '--tools', 'calculator', '--trace', 'What is 2 * 21?'], io)).toBe(0);
    expect(timeless(io.err())).toBe(
      [
        '✓ chat  N ms, 17 tokens in, 10 out',
        '└─ ✓ toolLoop agent  N ms',
        '   ├─ ✓ scripted llm  N ms, 4 tokens in, 6 out',
        '   ├─ ✓ calculate tool  N ms',
        '   └─ ✓ scripted llm  N ms, first token after N ms, 13 tokens in, 4 out',
        '',
      ].join('\n'),
    );
    expect(io.out()).toMatch(/That makes 42\.\n\[/);
  });

  test('with a file keeps them there, for rivulet trace to draw', async () => {
    for (const question of ['hello', 'goodbye']) expect(await runCli(['chat', '--trace=runs.ndjson', question], fakeIo({ cwd }))).toBe(0);
    const drawing = fakeIo({ cwd });
    expect(await runCli(['trace', 'runs.ndjson'], drawing)).toBe(0);
    expect(drawing.out().split('\n').filter((line) => line.startsWith('✓ chat'))).toHaveLength(2);
    expect(readTrace(readFileSync(join(cwd, 'runs.ndjson'), 'utf8')).damaged).toBe(0);
  });

  test('shows a cancelled answer as such', async () => {
    const io = fakeIo({ cwd });
    const code = runCli(['chat', '--trace', 'tell me a long story'], io);
    await io.said(/scripted/);
    io.interrupt();
    expect(await code).toBe(130);
    expect(timeless(io.err())).toMatch(/^⊘ chat {2}N ms {2}cancelled\n.*⊘ toolLoop agent {2}N ms {2}cancelled\n/);
  });

  test('after -- it is a question', async () => {
    const io = fakeIo({ cwd });
    await runCli(['chat', '--', '--trace'], io);
    expect([io.err(), io.out()]).toEqual(['', expect.stringContaining('--trace')]);
  });
});

describe('rivulet trace', () => {
  const file = join(cwd, 'graph.ndjson');
  const traced = async (): Promise<void> => {
    const tracer = fileTracer(file);
    const graph = new StateGraph({ said: append<string>() })
      .addNode('plan', () => ({ said: 'p' }))
      .addNode('left', () => ({ said: 'l' }))
      .addNode('right', (): never => {
        throw new Error('no \u001b[31mway');
      })
      .addEdge(START, 'plan')
      .addEdge('plan', 'left')
      .addEdge('plan', 'right')
      .compile({ name: 'research' });
    await graph.invoke({}, { tracer }).catch(() => undefined);
    await tracer.flush();
  };

  test('draws a graph with its supersteps, and says what it couldn’t read', async () => {
    await traced();
    appendFileSync(file, '{"format":1,"id":"cut o');
    const io = fakeIo({ cwd });
    expect(await runCli(['trace', 'graph.ndjson'], io)).toBe(0);
    expect(timeless(io.out())).toBe(
      ['✗ research  N ms  Error: no [31mway', '├─ step 0', '│  └─ ✓ plan  N ms', '└─ step 1', '   ├─ ✓ left  N ms', '   └─ ✗ right  N ms  Error: no [31mway', ''].join('\n'),
    );
    expect(io.err()).toContain('1 line is no run');
  });

  test('writes a tree a line with --json', async () => {
    const io = fakeIo({ cwd });
    expect(await runCli(['trace', '--json', 'graph.ndjson'], io)).toBe(0);
    const [tree] = io.out().trimEnd().split('\n').map((line) => JSON.parse(line) as RunTree);
    expect([tree?.run.name, tree?.children.map(({ run }) => [run.name, run.metadata['step']])]).toEqual(['research', [['plan', 0], ['left', 1], ['right', 1]]]);
  });

  test('colours a terminal', async () => {
    const io = fakeIo({ cwd, tty: true });
    await runCli(['trace', 'graph.ndjson'], io);
    expect(io.out()).toContain('\u001b[31m  Error: no [31mway\u001b[0m');
  });

  test.each([
    [['trace'], 2, /takes one file/],
    [['trace', 'a', 'b'], 2, /takes one file/],
    [['trace', '.'], 2, /is a directory/],
    [['trace', 'nothing.ndjson'], 2, /there is no file .*nothing\.ndjson/],
    [['trace', 'other.txt'], 1, /no trace in other\.txt/],
  ])('%j ends %d', async (argv, code, message) => {
    writeFileSync(join(cwd, 'other.txt'), 'something else\n');
    const io = fakeIo({ cwd });
    expect(await runCli(argv, io)).toBe(code);
    expect(io.err()).toMatch(message);
  });
});

test.each([[['--help']], [['trace', '--help']], [['chat', '-h']], [['nothing', 'at', 'all', '--help']]])('%j says what there is', async (argv) => {
  const io = fakeIo({ cwd });
  expect(await runCli(argv, io)).toBe(0);
  expect([io.err(), io.out()]).toEqual(['', expect.stringContaining('trace    draw the traces in a file')]);
});
