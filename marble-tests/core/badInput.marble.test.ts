import { describe, expect, test } from '@jest/globals';
import { EMPTY, of, type Observable } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { flow, type Flow, type RunInput } from '../../src/core/flow/flow.js';
import { lambda } from '../../src/core/flow/lambda.js';

let calls = 0;
const step = lambda((n: number) => (calls++, n));

/** Each way to run a flow, as a promise of how it went; a synchronous throw is one too. */
const WAYS: Readonly<Record<string, (flow: Flow<number, number>, config: RunInput) => Promise<unknown>>> = {
  run: (target, config) => last(target.run(1, config)),
  invoke: (target, config) => target.invoke(1, config),
  stream: (target, config) => attempt(() => target.stream(1, config).next()),
  batch: (target, config) => target.batch([1, 2], config),
  'batch of none': (target, config) => target.batch([], config),
  events: (target, config) => last(target.events(1, config)),
  start: (target, config) => attempt(() => target.start(1, config).result),
};

function last(source: Observable<unknown>): Promise<unknown> {
  let value: unknown;
  return source.forEach((next) => void (value = next)).then(() => value);
}

const attempt = async <T>(way: () => Promise<T>): Promise<T> => way();

describe.each(Object.entries(WAYS))('%s refuses, and starts nothing:', (_, way) => {
  test.each([
    ['an unknown key, naming those it knows', { thraed: 'x' }, 'INVALID_CONFIG', /'thraed' is not a key of RunConfig\. Known keys: runId, parent, runName, .*tracer/],
    ['an unknown key that every object inherits', { constructor: 'x' }, 'INVALID_CONFIG', /'constructor'/],
    ['a negative timeout', { timeoutMs: -1 }, 'INVALID_OPTION', /timeoutMs is -1\. It must be a number of milliseconds, 0 or more/],
    ['a timeout that is no number', { timeoutMs: NaN }, 'INVALID_OPTION', /timeoutMs is NaN/],
    ['an infinite timeout', { timeoutMs: Infinity }, 'INVALID_OPTION', /timeoutMs is Infinity/],
    ['a recursion limit of 0', { recursionLimit: 0 }, 'INVALID_OPTION', /recursionLimit is 0\. It must be a whole number of at least 1/],
    ['a recursion limit that is no number', { recursionLimit: NaN }, 'INVALID_OPTION', /recursionLimit is NaN/],
    ['a maxConcurrency of 0', { maxConcurrency: 0 }, 'INVALID_OPTION', /maxConcurrency is 0/],
  ])('%s', async (_what, config, code, message) => {
    calls = 0;
    await expect(way(step, config as RunInput)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(calls).toBe(0);
  });
});

describe('batch', () => {
  test('of nothing is nothing', async () => {
    expect(await step.batch([])).toEqual([]);
    expect(await step.batch([], { returnErrors: true, concurrency: 3 })).toEqual([]);
  });

  test.each([0, -1, NaN, 2.5])('refuses concurrency %d', async (concurrency) => {
    await expect(step.batch([1], { concurrency })).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringMatching(/concurrency is/) });
  });

  test('takes an infinite concurrency', async () => {
    expect(await step.batch([1, 2, 3], { concurrency: Infinity })).toEqual([1, 2, 3]);
  });

  test('refuses configs that are not one for each input', async () => {
    await expect(step.batch([1, 2, 3], { configs: [{}, {}] })).rejects.toMatchObject({ code: 'INVALID_CONFIG', message: expect.stringMatching(/3 inputs got 2 configs/) });
  });

  test('doesn\'t take a mistake of its caller for an error of its runs', async () => {
    await expect(step.batch([1], { returnErrors: true, thraed: 'x' } as never)).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
    await expect(step.batch([1], { configs: [{ thraed: 'x' } as never] })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
    await expect(step.batch([1], { returnErrors: true, timeoutMs: -1 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('the other options', () => {
  test.each([0, -1, NaN])('stream refuses capacity %d', (capacity) => {
    expect(() => step.stream(1, { capacity })).toThrow(/INVALID_OPTION: capacity/);
  });

  test.each([-1, NaN, 0.5])('start refuses replay %d', (replay) => {
    expect(() => step.start(1, { replay })).toThrow(/INVALID_OPTION: replay/);
  });

  test.each([0, -1, NaN])('each refuses concurrency %d', (concurrency) => {
    expect(() => each(step, { concurrency })).toThrow(/INVALID_OPTION: concurrency/);
  });
});

describe('a source', () => {
  const outcome = (source: Observable<unknown>): unknown => {
    let ended: unknown;
    source.subscribe({ complete: () => (ended = 'complete'), error: ({ code }: { readonly code: string }) => (ended = code) });
    return ended;
  };

  test('that is empty completes a flow without a value; who needs one says EMPTY_RUN', async () => {
    expect(outcome(EMPTY.pipe(step))).toBe('complete');
    expect(outcome(EMPTY.pipe(chain(step, step)))).toBe('EMPTY_RUN');
    await expect(flow('empty', () => EMPTY).invoke(1)).rejects.toMatchObject({ code: 'EMPTY_RUN', message: expect.stringMatching(/Give it an input/) });
  });

  test('that brings a second value to a run\'s head is SECOND_INPUT', () => {
    for (const target of [step, chain(step, step), flow('wrapped', step)]) expect(outcome(of(1, 2).pipe(target))).toBe('SECOND_INPUT');
  });

  test('every refusal names the page that explains it', async () => {
    await expect(step.invoke(1, { thraed: 'x' } as never)).rejects.toThrow(/\(docs\/errors\/INVALID_CONFIG\.md\)$/);
  });
});
