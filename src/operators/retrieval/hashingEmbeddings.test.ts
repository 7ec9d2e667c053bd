import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { embed } from './embed.js';
import type { Vector } from './embeddings.js';
import { hashingEmbeddings } from './hashingEmbeddings.js';

const vectorsOf = (texts: readonly string[], options = {}): Promise<readonly Vector[]> => embed<readonly string[]>(hashingEmbeddings(options)).invoke(texts);
const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0);

describe('hashingEmbeddings', () => {
  test('makes vectors of length 1 in as many dimensions as asked for, the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), fc.integer({ min: 1, max: 300 }), async (texts, dimensions) => {
        const vectors = await vectorsOf(texts, { dimensions });
        expect(vectors).toEqual(await vectorsOf(texts, { dimensions }));
        for (const vector of vectors) {
          expect(vector).toHaveLength(dimensions);
          const length = dot(vector, vector);
          if (length !== 0) expect(length).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  test('is fixed for good: an index made today is read tomorrow', async () => {
    const [vector] = await vectorsOf(['Red apples, red!'], { dimensions: 8 });
    expect(vector?.map((value) => Number(value.toFixed(4)))).toMatchInlineSnapshot(`
[
  -0.378,
  -0.378,
  -0.378,
  0,
  0,
  0,
  0,
  0.7559,
]
`);
  });

  test('puts texts near that share words, in any case and form, and the order of words counts a little', async () => {
    const [a, same, swapped, near, far] = (await vectorsOf(['the red apple', 'The RED ａｐｐｌｅ!', 'apple red the', 'a red apple tree', 'quarterly tax report'])) as [Vector, Vector, Vector, Vector, Vector];
    expect(same).toEqual(a);
    expect(dot(a, swapped)).toBeLessThan(0.99);
    expect(dot(a, near)).toBeGreaterThan(dot(a, far) + 0.2);
  });

  test('knows words of every script', async () => {
    const [a, b] = (await vectorsOf(['красное яблоко', 'зелёное яблоко'])) as [Vector, Vector];
    expect(dot(a, b)).toBeGreaterThan(0.1);
  });

  test('a text without words is the zero vector', async () => {
    const [vector] = await vectorsOf(['—!'], { dimensions: 4 });
    expect(vector).toEqual([0, 0, 0, 0]);
  });

  test('says by its id that it is lexical', () => {
    expect(hashingEmbeddings()).toMatchObject({ id: 'lexical-hashing:256-2', dimensions: 256 });
  });

  test.each([{ dimensions: 0 }, { dimensions: 1.5 }, { maxWords: 0 }])('%j is INVALID_OPTION', (options) => {
    expect(() => hashingEmbeddings(options)).toThrow(/INVALID_OPTION/);
  });
});
