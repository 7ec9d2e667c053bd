import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadGraph, type AnyGraph } from '../../src/cli/graph/loadGraph.js';
import { runCli } from '../../src/cli/runCli.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { sqliteCheckpointer } from '../../src/pregel/checkpoints/sqlite/sqliteCheckpointer.js';
import { temporaryFolder } from '../checkpoints/temporaryFolder.js';
import { fakeIo, type FakeIo } from './fakeIo.js';

const cwd = fileURLToPath(new URL('graphs', import.meta.url));

let folder: ReturnType<typeof temporaryFolder>;
let db: string;
beforeEach(() => {
  folder = temporaryFolder();
  db = join(folder.path, 'threads.db');
});
afterEach(() => folder.remove());

/** Works with a graph on the file, as a program would before anybody looks at it. */
async function program<T>(file: string, work: (graph: AnyGraph) => Promise<T>): Promise<T> {
  const store = sqliteCheckpointer(db);
  try {
    return await work(await loadGraph(file, cwd, store));
  } finally {
    store.close();
  }
}

const begin = (file: string, input: object = {}, thread = 't'): Promise<unknown> => program(file, (graph) => graph.invoke(input as never, { thread }));

/** Runs a command on the file, to its end. */
async function rivulet(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly lines: readonly Record<string, unknown>[] }> {
  const io = fakeIo({ cwd });
  const code = await runCli(args, io);
  const out = io.out();
  return { code, out, err: io.err(), get lines() { return out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); } };
}

const onThread = (...more: readonly string[]): string[] => ['--db', db, '--thread', 't', ...more];
const resume = (file: string, ...more: readonly string[]): ReturnType<typeof rivulet> => rivulet('resume', ...onThread('--graph', file, ...more));

describe('rivulet graph', () => {
  test('draws a graph that is a builder, made by a function, or compiled', async () => {
    const { code, out } = await rivulet('graph', '--graph', 'review.mjs');
    expect(code).toBe(0);
    expect(out).toMatch(/^flowchart TD\n[^]*write[^]*review/);
    expect((await rivulet('graph', '--graph', 'compiled.mjs')).out).toBe(out);
    expect((await rivulet('graph', '--graph', 'paused.mjs')).out).toContain('publish');
  });

  test('--json describes it', async () => {
    const { out } = await rivulet('graph', '--graph', 'review.mjs', '--json');
    expect((JSON.parse(out) as { edges: unknown[] }).edges).toContainEqual({ from: 'write', to: 'review', kind: 'edge' });
  });
});

describe('rivulet threads', () => {
  test('lists the threads of a file, that which went on last first', async () => {
    for (const thread of ['one', 'two', 'odd\u001b[2J\nname']) await begin('review.mjs', {}, thread);
    const { code, out } = await rivulet('threads', '--db', db);
    expect(code).toBe(0);
    expect(out).toMatch(/^THREAD +UPDATED\nodd\[2J name +\d{4}-[^ ]+Z\ntwo +\S+Z\none +\S+Z\n$/);
    const { lines } = await rivulet('threads', '--db', db, '--limit', '2', '--json');
    expect(lines).toMatchObject([{ thread: 'odd\u001b[2J\nname', updatedAt: expect.any(Number) }, { thread: 'two' }]);
  });
});

describe('an entrypoint', () => {
  test('is looked at and gone on with as a graph is; there is nothing of it to draw', async () => {
    await program('essay.mjs', (essay) => essay.invoke('cats', { thread: 't' }));
    expect((await rivulet('history', ...onThread('--graph', 'essay.mjs', '--json'))).lines).toMatchObject([{ next: ['essay'], interrupts: [{ payload: { draft: 'An essay about cats' } }] }]);
    const { code, out } = await resume('essay.mjs', '--answer', 'true');
    expect([code, out]).toEqual([0, expect.stringContaining('"An essay about cats"')]);
    expect((await rivulet('history', ...onThread('--graph', 'essay.mjs', '--json'))).lines).toMatchObject([{ next: [], values: 'An essay about cats' }, { next: ['essay'] }]);
    expect(await rivulet('graph', '--graph', 'essay.mjs')).toMatchObject({ code: 2, err: expect.stringContaining('no edges to draw') });
  });
});

describe('rivulet history', () => {
  test('shows the checkpoints of a thread, newest first, without its graph', async () => {
    await begin('review.mjs');
    const { code, out } = await rivulet('history', ...onThread());
    expect(code).toBe(0);
    expect(out).toMatch(/^CHECKPOINT +STEP +WHEN +SOURCE +BRANCH\n\S+ +0 +\S+Z +loop +main\n\S+ +-1 +\S+Z +input +main\n$/);
    expect((await rivulet('history', ...onThread('--limit', '1', '--json'))).lines).toEqual([
      { checkpointId: expect.any(String), parentId: expect.any(String), branch: 'main', step: 0, createdAt: expect.any(Number), source: 'loop', runId: expect.any(String) },
    ]);
  });

  test('what is due several times is counted', async () => {
    await begin('sends.mjs');
    expect((await rivulet('history', ...onThread('--graph', 'sends.mjs'))).out).toMatch(/input +main +other, 3 × item\n$/);
  });

  test('with the graph it says what is due, and with --json what is in it', async () => {
    await begin('review.mjs');
    await resume('review.mjs', '--answer', 'true');
    const { out } = await rivulet('history', ...onThread('--graph', 'review.mjs'));
    expect(out).toMatch(/NEXT\n.* loop +main +\(end\)\n.* loop +main +review\n.* input +main +write\n$/);
    const { lines } = await rivulet('history', ...onThread('--graph', 'review.mjs', '--json'));
    expect(lines).toMatchObject([
      { step: 1, next: [], values: { draft: 'draft 1', ok: true }, past: [{ payload: { publish: 'draft 1' }, answer: { value: true } }] },
      { step: 0, next: ['review'], values: { draft: 'draft 1', ok: false }, interrupts: [] },
      { step: -1, next: ['write'], values: { draft: '' } },
    ]);
  });
});

describe('rivulet resume, in a pipe', () => {
  test('shows what waits, and ends 3; answered, goes on to the next question', async () => {
    await begin('review.mjs');
    const shown = await resume('review.mjs');
    expect(shown.code).toBe(3);
    expect(shown.out).toMatch(/^review asks: \{"publish":"draft 1"\}\n {2}id: \S+\/review#0\n$/);
    const answered = await resume('review.mjs', '--answer', '"shorter"');
    expect(answered.code).toBe(3);
    expect(answered.out).toMatch(/^- review\n- write\n- review\nreview asks: \{"publish":"draft 2"\}\n/);
  });

  test('ends 0 with the state once the thread is done, and says it again when asked again', async () => {
    await begin('review.mjs');
    const done = await resume('review.mjs', '--answer', 'true');
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out.slice(done.out.indexOf('{')))).toEqual({ draft: 'draft 1', notes: [], ok: true });
    expect((await resume('review.mjs')).out).toContain('"ok": true');
  });

  test('several answers by id; what they must be, and until when, is shown; a pause is gone on from', async () => {
    await begin('paused.mjs');
    const { out, code } = await resume('paused.mjs');
    expect(code).toBe(3);
    expect(out).toMatch(/ann asks: ann\?\n {2}id: .*\n {2}answer: \{"type":"boolean"\}\n {2}until: .*Z\nbob asks/);
    const [ann, bob] = [...out.matchAll(/id: (\S+)/g)].map(([, id]) => String(id));
    expect((await resume('paused.mjs', '--answer', 'true')).err).toMatch(/AMBIGUOUS_RESUME/);
    const answers = (one: unknown): string => JSON.stringify({ [String(ann)]: one, [String(bob)]: false });
    expect(await resume('paused.mjs', '--answers', answers('yes'))).toMatchObject({ code: 1, err: expect.stringMatching(/INVALID_INPUT.*boolean/) });
    expect(await resume('paused.mjs', '--answers', answers(true))).toMatchObject({ code: 3, out: expect.stringMatching(/Paused before publish\.\n$/) });
    expect((await resume('paused.mjs')).out).toMatch(/"ann: true",\s+"bob: false",\s+"published"/);
  });

  test('a graph that stops where several nodes could go on is told which', async () => {
    await begin('choosing.mjs');
    expect(await resume('choosing.mjs')).toMatchObject({ code: 3, out: expect.stringMatching(/^The graph asks: \{"successors":\["b","c"\]\}\n.*\n {2}answer: \{"enum":\["b","c"\]\}\n$/) });
    expect((await resume('choosing.mjs', '--answer', '"c"')).out).toMatch(/"a",\s+"c"\s+\]/);
  });

  test('--recursion-limit says how far it may go; the next resume goes on from there', async () => {
    await begin('review.mjs');
    expect(await resume('review.mjs', '--answer', '"no"', '--recursion-limit', '1')).toMatchObject({ code: 1, err: expect.stringMatching(/GRAPH_RECURSION_LIMIT.*write/) });
    expect(await resume('review.mjs')).toMatchObject({ code: 3, out: expect.stringContaining('draft 2') });
  });

  test('--json writes the events of the run as NDJSON', async () => {
    await begin('review.mjs');
    const { code, lines } = await resume('review.mjs', '--answer', '"more"', '--json');
    const events = lines as unknown as readonly RunEvent[];
    expect(code).toBe(3);
    expect(events.filter(({ type }) => type === 'node_start').map(({ path }) => path)).toEqual([['review'], ['write'], ['review']]);
    expect(events.at(-2)).toMatchObject({ type: 'interrupt', payload: { publish: 'draft 2' } });
    expect(events.at(-1)).toMatchObject({ type: 'run_end', status: 'interrupted' });
  });

  test('goes on with a thread that failed, from where it failed', async () => {
    const file = join(folder.path, 'text');
    await expect(begin('reading.mjs', { file: ` ${file}` })).rejects.toThrow('ENOENT');
    expect(await resume('reading.mjs')).toMatchObject({ code: 1, out: '- read\n', err: expect.stringContaining('ENOENT') });
    writeFileSync(file, 'it is there');
    expect(await resume('reading.mjs')).toMatchObject({ code: 0, out: expect.stringMatching(/^- read\n[^]*"text": "it is there"/) });
  });

  test('Ctrl-C cancels the run and ends 130; the thread stays where it was', async () => {
    await program('reading.mjs', async (graph) => {
      for await (const _ of graph.stream({}, { thread: 't' })) if ((await graph.getState({ thread: 't' }))?.next.includes('read')) break;
    });
    const io = fakeIo({ cwd });
    const code = runCli(['resume', ...onThread('--graph', 'reading.mjs')], io);
    await io.said(/- read/);
    io.interrupt();
    expect(await code).toBe(130);
    expect((await rivulet('history', ...onThread('--graph', 'reading.mjs', '--limit', '1'))).out).toMatch(/main +read\n$/);
  });
});

describe('rivulet resume, in a terminal', () => {
  /** Types each line once what it answers was asked. */
  async function typing(io: FakeIo, ...lines: readonly (readonly [asked: RegExp, line: string])[]): Promise<void> {
    for (const [asked, line] of lines) {
      await io.said(asked);
      io.stdin.write(line);
    }
  }

  test('asks until the thread is done: an answer is JSON, or else a text; an empty line is none', async () => {
    await begin('review.mjs');
    const io = fakeIo({ tty: true, cwd });
    const code = runCli(['resume', ...onThread('--graph', 'review.mjs')], io);
    await typing(io, [/draft 1[^]*\? /, 'too long\n'], [/draft 2[^]*\? /, '\n'], [/draft 2[^]*\? [^]*\? /, 'true\n']);
    expect(await code).toBe(0);
    expect(io.out()).toMatch(/"draft": "draft 2",\s+"notes": \[\s+"too long"\s+\],\s+"ok": true/);
  });

  test('one question at a time, each answer is kept; Enter goes on from a pause', async () => {
    await begin('paused.mjs');
    const first = fakeIo({ tty: true, cwd });
    const left = runCli(['resume', ...onThread('--graph', 'paused.mjs')], first);
    await typing(first, [/ann asks[^]*bob asks[^]*\? /, 'true\n']);
    await first.said(/bob asks[^]*bob asks[^]*\? /);
    first.stdin.end();
    expect(await left).toBe(3);
    const second = fakeIo({ tty: true, cwd });
    const done = runCli(['resume', ...onThread('--graph', 'paused.mjs')], second);
    await typing(second, [/bob asks[^]*\? /, 'false\n'], [/Paused before publish\.\n[^]*Enter/, '\n']);
    expect(await done).toBe(0);
    expect(second.out()).not.toContain('ann asks');
    expect(second.out()).toMatch(/"ann: true",\s+"bob: false",\s+"published"/);
  });

  test('Ctrl-C at a question leaves, and ends 130', async () => {
    await begin('review.mjs');
    const io = fakeIo({ tty: true, cwd });
    const code = runCli(['resume', ...onThread('--graph', 'review.mjs')], io);
    await io.said(/\? /);
    io.interrupt();
    expect(await code).toBe(130);
  });
});

describe('rivulet fork', () => {
  test('makes a branch that begins at a checkpoint; what it does stays on it', async () => {
    await begin('review.mjs');
    await resume('review.mjs', '--answer', 'true');
    const { lines } = await rivulet('history', ...onThread('--json'));
    const checkpoint = String(lines[1]?.['checkpointId']);
    const forked = await rivulet('fork', ...onThread('--checkpoint', checkpoint, '--branch', 'other'));
    expect(forked).toMatchObject({ code: 0, out: `Branch other of thread t begins at ${checkpoint}.\n` });
    expect(await resume('review.mjs', '--branch', 'other')).toMatchObject({ code: 3, out: expect.stringContaining('review asks') });
    expect((await resume('review.mjs', '--branch', 'other', '--answer', '"no"')).out).toContain('draft 2');
    expect((await rivulet('history', ...onThread('--branch', 'other'))).out).toMatch(/other\n.*other\n.*main\n.*main\n$/);
    expect((await rivulet('history', ...onThread('--json'))).lines).toEqual(lines);
    expect(await rivulet('fork', ...onThread('--checkpoint', checkpoint, '--branch', 'other'))).toMatchObject({ code: 1, err: expect.stringContaining('BRANCH_EXISTS') });
    expect((await rivulet('fork', ...onThread('--checkpoint', checkpoint, '--branch', 'third', '--json'))).lines).toEqual([{ thread: 't', branch: 'third', checkpointId: checkpoint }]);
  });
});

describe('what cannot be done is said', () => {
  test.each([
    [['threads'], 2, /--db is missing: the SQLite file/],
    [['threads', '--db', 'no.db'], 2, /there is no file .*no\.db/],
    [['threads', '--db', '@', '--limit', '-1'], 2, /--limit/],
    [['threads', '--db', '@', '--limit', 'all'], 2, /'all' was given as limit/],
    [['threads', 'me', '--db', '@'], 2, /'me' is one argument too many/],
    [['graph'], 2, /--graph is missing/],
    [['graph', '--graph', 'no.mjs'], 2, /there is no file .*no\.mjs/],
    [['graph', '--graph', 'none.mjs'], 2, /none\.mjs exports no graph: export, as default or as 'graph', a StateGraph/],
    [['graph', '--graph', 'wrong.mjs'], 2, /a function that didn't make a compiled graph/],
    [['resume', '--db', '@', '--thread', 't', '--graph', 'compiled.mjs'], 2, /compiled already/],
    [['resume', '--db', '@', '--graph', 'review.mjs'], 2, /--thread is missing/],
    [['resume', '--db', '@', '--thread', 't', '--graph', 'review.mjs', '--answer', 'yes'], 2, /--answer is no JSON: yes\. A text is quoted, '"yes"'/],
    [['resume', '--db', '@', '--thread', 't', '--graph', 'review.mjs', '--answers', '[1]'], 2, /--answers is an object/],
    [['resume', '--db', '@', '--thread', 't', '--graph', 'review.mjs', '--answer', '1', '--answers', '{}'], 2, /one of the two/],
    [['resume', '--db', '@', '--thread', 'x', '--graph', 'review.mjs'], 1, /thread "x" has no checkpoint on branch "main"/],
    [['resume', '--db', '@', '--thread', 't', '--graph', 'reading.mjs'], 1, /GRAPH_CHANGED/],
    [['history', '--db', '@', '--thread', 't', '--branch', 'b'], 1, /no checkpoint on branch "b"/],
    [['history', '--db', '@text', '--thread', 't'], 1, /STORED_INVALID: the SQLite file is damaged/],
    [['fork', '--db', '@', '--thread', 't', '--branch', 'b'], 2, /--checkpoint is missing.*'rivulet history'/],
    [['fork', '--db', '@', '--thread', 't', '--branch', 'b', '--checkpoint', 'c'], 1, /UNKNOWN_CHECKPOINT/],
  ])('%j ends %d', async (args, code, message) => {
    await begin('review.mjs');
    const text = join(folder.path, 'text');
    writeFileSync(text, 'no database, but long enough to look like one that is broken\n'.repeat(50));
    const result = await rivulet(...args.map((arg) => (arg === '@' ? db : arg === '@text' ? text : arg)));
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
  });

  test('looking makes no file', async () => {
    await rivulet('threads', '--db', db);
    expect(existsSync(db)).toBe(false);
  });
});
