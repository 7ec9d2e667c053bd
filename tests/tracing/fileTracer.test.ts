import { appendFileSync, closeSync, constants, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execFileSync, spawn } from 'node:child_process';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import fc from 'fast-check';
import { NEVER } from 'rxjs';
import { chain, chat, lambda, scripted, text as asText } from 'rivulet';
import { virtualClock } from 'rivulet/testing';
import { drawTree, fileTracer, memoryTracer, readTrace, span, type TracedRun } from 'rivulet/tracing';
import { platform } from '../../src/core/bridge/platform.js';
import { fileTracer as inBrowser } from '../../src/tracing/nodeOnly.js';

const { warn } = platform;
afterEach(() => void (platform.warn = warn));

const folder = mkdtempSync(join(tmpdir(), 'traces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
let file: string;
beforeEach(() => {
  file = join(folder, `${++count}`, 'runs.ndjson');
});

const add = span('add', 'tool', lambda((n: number) => n + 1));
const text = (): string => readFileSync(file, 'utf8');

/** What is in a pipe now. */
function textIn(pipe: number): string {
  const bytes = Buffer.alloc(65_536);
  try {
    return bytes.toString('utf8', 0, readSync(pipe, bytes));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a trace file', () => {
  test('says of each run what a tracer in memory says of it', async () => {
    const [tracer, seen] = [fileTracer(file), memoryTracer()];
    await chain(add, add).invoke(1, { tracer, events: seen, thread: 't1', tags: ['a'], metadata: { b: 2 }, parent: { runId: 'r', traceId: 't', project: 'p' } });
    await tracer.flush();
    const { runs, damaged, trees } = readTrace(text());
    const fields = ({ id, parentId, name, kind, status, inputs, outputs, startTime, endTime, project, thread, tags, metadata, dottedOrder }: TracedRun): object => ({ id, parentId, name, kind, status, inputs, outputs, startTime, endTime, project, thread, tags, metadata, dottedOrder });
    expect(runs.map(fields)).toEqual(seen.runs.map(fields));
    expect(runs.map(({ project }) => project)).toEqual(['p', 'p', 'p']);
    expect([damaged, trees()[0]?.children.length]).toEqual([0, 2]);
  });

  test('has one line of a run that ends soon; of one that takes longer a line when it begins and one when it ends', async () => {
    const tracer = fileTracer(file);
    await add.invoke(1, { tracer });
    const running = span('slow', 'tool', lambda(() => NEVER)).run(5, { tracer }).subscribe();
    await tracer.flush();
    const statuses = (): readonly string[] => text().trimEnd().split('\n').map((line) => (JSON.parse(line) as TracedRun).status);
    expect(statuses()).toEqual(['ok', 'running']);
    expect(readTrace(text()).runs).toMatchObject([{ name: 'add' }, { name: 'slow', status: 'running', inputs: 5, endTime: undefined }]);

    running.unsubscribe();
    await tracer.flush();
    expect(statuses()).toEqual(['ok', 'running', 'cancelled']);
    expect(readTrace(text()).runs).toMatchObject([{ name: 'add' }, { name: 'slow', status: 'cancelled' }]);
  });

  test('says what went in as it was when the run began, whatever becomes of it; of what came in chunks the whole', async () => {
    const tracer = fileTracer(file);
    const answering = span('answer', 'tool', lambda((said: string[]) => said.push('answer')));
    const waiting = span('wait', 'tool', lambda((said: string[]) => (said.push('waits'), NEVER)));
    await answering.invoke(['question'], { tracer });
    const running = waiting.run(['question'], { tracer }).subscribe();
    await chain(chat(scripted([{ reply: 'O sea, O sky!' }])), span('read', 'tool', asText())).invoke('A verse?', { tracer });
    await tracer.flush();
    running.unsubscribe();
    await tracer.flush();
    const { runs } = readTrace(text());
    expect(runs.filter(({ kind }) => kind === 'tool')).toMatchObject([
      { name: 'answer', inputs: ['question'], outputs: 2 },
      { name: 'wait', inputs: ['question'], status: 'cancelled' },
      { name: 'read', inputs: { content: [{ text: 'O sea, O sky!' }] } },
    ]);
  });

  test('is gone on with, and what was cut off in it stays a line of its own', async () => {
    const first = fileTracer(file);
    await add.invoke(1, { tracer: first });
    await first.flush();
    appendFileSync(file, '{"format":1,"id":"cut o');
    const second = fileTracer(file);
    await add.invoke(2, { tracer: second });
    await second.flush();
    const { runs, damaged } = readTrace(text());
    expect(runs.map(({ inputs }) => inputs)).toEqual([1, 2]);
    expect(damaged).toBe(1);
  });

  test('is read by its owner alone', async () => {
    fileTracer(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('holds whatever a run is about: errors, cycles, big integers, what throws when it is looked at', async () => {
    const tracer = fileTracer(file);
    const cyclic: Record<string, unknown> = { big: 10n, bytes: new Uint8Array(3), map: new Map([['a', 1]]), set: new Set([1]) };
    cyclic['self'] = cyclic;
    const hostile = { toJSON: () => { throw new Error('not me'); } };
    const fails = span('fails', 'tool', lambda((): never => { throw new TypeError('no'); }));
    for (const input of [cyclic, hostile]) await fails.invoke(input as never, { tracer }).catch(() => undefined);
    await tracer.flush();
    expect(readTrace(text())).toMatchObject({
      damaged: 0,
      runs: [
        { inputs: { big: '10', bytes: '[3 bytes]', map: { a: 1 }, set: [1], self: '[circular]' }, error: { name: 'TypeError', message: 'no' } },
        { name: 'fails', inputs: '[not readable: not me]' },
      ],
    });
  });

  test('is bounded on its way to the disk: what finds no room is counted', async () => {
    const warnings: string[] = [];
    platform.warn = (message) => void warnings.push(message);
    const tracer = fileTracer(file, { maxItems: 3 });
    for (let n = 0; n < 5; n++) await add.invoke(n, { tracer });
    await tracer.flush();
    expect([tracer.dropped, readTrace(text()).runs.length]).toEqual([2, 3]);
    expect(warnings).toEqual([expect.stringMatching(/fileTracer dropped 1 run: its queue is full/), expect.stringMatching(/fileTracer dropped 1 run: its queue is full/)]);
  });

  test('whose writes don’t return takes one thread, however often it is tried; all is there once they do', async () => {
    mkdirSync(dirname(file));
    execFileSync('mkfifo', [file]);
    const clock = virtualClock();
    const tracer = fileTracer(file, { scheduler: clock, timeoutMs: 5_000, retry: { initialMs: 10, maxMs: 100 } });
    await add.invoke(1, { tracer, scheduler: clock });
    clock.advance(60_000);
    await stat(folder); // there is a thread for it
    const pipe = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const flushed = tracer.flush();
    let [done, read] = [false, ''];
    void flushed.then(() => (done = true));
    while (!done) {
      clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
      read += textIn(pipe);
    }
    closeSync(pipe);
    expect(readTrace(read).runs).toMatchObject([{ inputs: 1, outputs: 2 }]);
    expect(tracer.dropped).toBe(0);
  });

  test('that can’t be written is an error at once', () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(() => fileTracer(join(folder, 'plain', 'runs.ndjson'))).toThrow(/EEXIST|ENOTDIR/);
  });

  test('needs Node', () => {
    expect(() => inBrowser(file)).toThrow(expect.objectContaining({ code: 'NODE_ONLY' }));
  });

  test('leaves no listener behind when all is written', async () => {
    const before = process.listenerCount('exit');
    const tracer = fileTracer(file);
    await add.invoke(1, { tracer });
    expect(process.listenerCount('exit')).toBe(before + 1);
    await tracer.flush();
    expect(process.listenerCount('exit')).toBe(before);
  });
});

describe('reading', () => {
  const line = async (): Promise<string> => {
    const tracer = fileTracer(file);
    await add.invoke(1, { tracer });
    await tracer.flush();
    return text();
  };

  test('refuses what a later version wrote', async () => {
    const later = (await line()).replace('"format":1', '"format":2');
    expect(() => readTrace(later)).toThrow(expect.objectContaining({ code: 'STORED_NEWER' }));
  });

  test('counts what is no run, and a text cut anywhere loses the last run only', async () => {
    const one = await line();
    const other = one.replaceAll((JSON.parse(one) as TracedRun).id, 'other');
    expect(readTrace(`${one}null\n[]\n"x"\n{"format":1}\n{}\n${other}`)).toMatchObject({ damaged: 5, runs: [{ name: 'add' }, { id: 'other' }] });
    fc.assert(fc.property(fc.integer({ min: 1, max: other.length - 2 }), (length) => {
      const { runs, damaged } = readTrace(one + other.slice(0, length));
      expect([runs.length, damaged]).toEqual([1, 1]);
    }), { numRuns: 50 });
  });

  test('takes no line for a run that isn’t one, and draws what is, however deep', async () => {
    const run = JSON.parse(await line()) as Record<string, unknown>;
    const wrong = [{ status: 'constructor' }, { endTime: '\u001b[2J' }, { firstTokenTime: null }, { tags: {} }].map((fields) => ({ ...run, ...fields }));
    const nested = Array.from({ length: 20_000 }, (_, index) => ({ ...run, id: `${index}`, parentId: `${index - 1}`, startTime: index }));
    const { runs, damaged, trees } = readTrace([...wrong, ...nested].map((fields) => JSON.stringify(fields)).join('\n'));
    expect([runs.length, damaged]).toEqual([20_000, 4]);
    expect(drawTree(trees()).split('\n')).toHaveLength(20_000);
  });

  test('ends, though runs claim to be within each other or within themselves', async () => {
    const run = JSON.parse(await line()) as Record<string, unknown>;
    const lines = [{ id: 'a', parentId: 'b' }, { id: 'b', parentId: 'a' }, { id: 'c', parentId: 'c' }].map((ids) => JSON.stringify({ ...run, ...ids }));
    expect(readTrace(lines.join('\n')).trees().map(({ run: { id } }) => id)).toEqual(['a', 'c']);
  });
});

describe('a process that ends', () => {
  /** Runs a program with a tracer, of the present source. */
  async function ended(program: string): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    const path = resolve(`node_modules/.cache/file-tracer-${process.pid}-${count}.mjs`);
    const contents = `
      import { lambda, } from 'rivulet';
      import { fileTracer, span } from 'rivulet/tracing';
      import { NEVER } from 'rxjs';
      const tracer = fileTracer(${JSON.stringify(file)});
      const add = span('add', 'tool', lambda((n) => n + 1));
      for (let n = 0; n < 10; n++) await add.invoke(n, { tracer });
      ${program}`;
    await build({ stdin: { contents, resolveDir: resolve('.'), loader: 'js' }, outfile: path, bundle: true, platform: 'node', format: 'esm', external: ['rxjs', 'zod'], logLevel: 'error' });
    try {
      const child = spawn(process.execPath, [path], { stdio: 'ignore' });
      return await new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
    } finally {
      rmSync(path, { force: true });
    }
  }

  test('by itself, by exit() or by an uncaught error has written all of it', async () => {
    for (const [program, code] of [['', 0], ['process.exit(3);', 3], ["throw new Error('uncaught');", 1], ['void tracer.flush(); setImmediate(() => process.exit(4));', 4]] as const) {
      rmSync(file, { force: true });
      expect(await ended(program)).toEqual({ code, signal: null });
      expect(readTrace(text())).toMatchObject({ damaged: 0, runs: Array.from({ length: 10 }, (_, inputs) => ({ inputs, status: 'ok' })) });
    }
  });

  test('by SIGKILL leaves whole lines, and shows what was going on', async () => {
    const killed = await ended("lambda(() => NEVER, 'endless').run(1, { tracer }).subscribe(); await tracer.flush(); process.kill(process.pid, 'SIGKILL');");
    expect(killed).toEqual({ code: null, signal: 'SIGKILL' });
    const { runs, damaged } = readTrace(text());
    expect([runs.length, damaged, runs.at(-1)?.name, runs.at(-1)?.status]).toEqual([11, 0, 'endless', 'running']);
    expect(plain(runs.slice(0, 10).map(({ outputs }) => outputs))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
