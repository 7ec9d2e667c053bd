import { describe, expect, test } from '@jest/globals';
import { map, of, throwError, timer } from 'rxjs';
import { each } from '../../src/core/flow/each.js';
import { pull } from '../../src/core/demand/pull.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { embed } from '../../src/operators/retrieval/embed.js';
import type { Embeddings } from '../../src/operators/retrieval/embeddings.js';
import { marbles } from '../marbles.js';

/** The vector of a text is its length; it takes `ms`. */
const lengths = (ms: number): Embeddings => ({ id: 'test', embed: (texts) => timer(ms).pipe(map(() => texts.map(({ length }) => [length]))) });

describe('embed', () => {
  const texts = { t: 'four' };
  const vectors = { v: [4] };

  test('makes the vector of a text', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-t|', texts);
    expectObservable(source.pipe(embed(lengths(2)))).toBe('---(v|)', vectors);
    expectSubscriptions(source.subscriptions).toBe('^-!');
  }));

  test('ends with the error of its source', marbles(({ cold, expectObservable }) => {
    expectObservable(cold<string>('--#').pipe(embed(lengths(2)))).toBe('--#');
  }));

  test('ends with the error of the embeddings', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-t|', texts).pipe(embed({ id: 'test', embed: () => throwError(() => 'error') }))).toBe('-#');
  }));

  test('cancels the embeddings when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const embeddings = cold('-----v', { v: [[4]] });
    const source = cold('-t|', texts);
    expectObservable(source.pipe(embed({ id: 'test', embed: () => embeddings })), '---!').toBe('---');
    expectSubscriptions(embeddings.subscriptions).toBe('-^-!');
  }));

  test('refuses a second text, and names what to do', marbles(({ cold, expectObservable }) => {
    const error = expect.objectContaining({ code: 'SECOND_INPUT' });
    expectObservable(cold('-t-t|', texts).pipe(embed(lengths(9)))).toBe('---#', vectors, error);
  }));

  test('runs for each of many', () => {
    const found: unknown[] = [];
    const many = Array.from({ length: 100_000 }, () => 'abc');
    pull(many).pipe(each(embed({ id: 'test', embed: (some) => of(some.map(({ length }) => [length])) }))).subscribe((vector) => found.push(vector));
    expect(found).toHaveLength(100_000);
    expect(found.at(-1)).toEqual([3]);
  });
});

describe('embed, by embeddings that tell their usage', () => {
  const usage = { inputTokens: 7, outputTokens: 0 };
  const paid: Embeddings = { id: 'acme:small', embed: (texts, run) => lengths(0).embed(texts, run).pipe(map((vectors) => Object.assign(vectors, { usage }))) };

  test('tells it beside the vectors, which are what they would be without', async () => {
    const [vector, list] = [await embed(paid).invoke('four'), await embed<readonly string[]>(paid).invoke(['a', 'bb'])];
    expect([vector, vector.usage, list, list.usage]).toEqual([[4], usage, [[1], [2]], usage]);
    expect(Object.keys(vector)).toEqual(['0']);
  });

  test('says it of its run', async () => {
    const kept = memoryTracer();
    await embed(paid).invoke('four', { tracer: kept });
    expect(kept.runs).toMatchObject([{ kind: 'embedding', name: 'embed(acme:small)', outputs: [4], usage }]);
  });

  test('has one run for a batch, also within another', async () => {
    const kept = memoryTracer();
    const ask = embed(paid);
    await ask.batch(['a', 'bb'], { tracer: kept });
    await lambda((texts: readonly string[], run) => ask.batch(texts, run), 'within').invoke(['a'], { tracer: kept });
    const told = kept.runs.map(({ name, parentId, inputs, outputs, usage }) => [name, parentId !== undefined, inputs, outputs, usage]);
    expect(told).toEqual([
      ['embed(acme:small)', false, ['a', 'bb'], [[1], [2]], usage],
      ['within', false, ['a'], [[1]], usage],
      ['embed(acme:small)', true, ['a'], [[1]], usage],
    ]);
  });

  test('leaves alone vectors that can’t be written to', async () => {
    const frozen: Embeddings = { id: 'frozen', embed: () => of(Object.assign([Object.freeze([1])], { usage })) };
    expect((await embed(frozen).invoke('a')).usage).toBe(usage);
  });
});

describe('embed, with a list', () => {
  const ask = embed<readonly string[]>(lengths(0));

  test('makes a vector for each text, in order', async () => {
    expect(await ask.invoke(['a', 'bb'])).toEqual([[1], [2]]);
  });

  test('asks nobody for nothing', async () => {
    const nobody: Embeddings = { id: 'nobody', embed: () => throwError(() => new Error('asked')) };
    expect(await embed<readonly string[]>(nobody).invoke([])).toEqual([]);
  });

  test('gives each list of a batch its own, and asks once', async () => {
    let asked = 0;
    const counted: Embeddings = { id: 'counted', embed: (texts, run) => (asked++, lengths(0).embed(texts, run)) };
    expect(await embed<readonly string[]>(counted).batch([['a', 'bb'], [], ['ccc']])).toEqual([[[1], [2]], [], [[3]]]);
    expect(asked).toBe(1);
  });

  test.each([
    ['a number', [5]],
    ['nothing', [undefined]],
  ])('refuses %s', async (_what, texts) => {
    await expect(ask.invoke(texts as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test('refuses embeddings that lose one', async () => {
    await expect(embed({ id: 'lossy', embed: () => of([]) }).invoke('a')).rejects.toMatchObject({ code: 'MODEL_PROTOCOL' });
  });
});
