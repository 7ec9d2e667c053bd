import { describe, expect, test } from '@jest/globals';
import { seededIds } from './seededIds.js';
import { seededRandom } from './seededRandom.js';

describe('seededIds', () => {
  test('count from one, each source by itself', () => {
    const [ids, others] = [seededIds(), seededIds('run')];
    expect([ids(), ids(), others(), ids()]).toEqual(['id-1', 'id-2', 'run-1', 'id-3']);
  });
});

describe('seededRandom', () => {
  const first = (count: number, seed?: number): readonly number[] => Array.from({ length: count }, seededRandom(seed));

  test('repeats for a seed, and differs between seeds', () => {
    expect(first(100, 7)).toEqual(first(100, 7));
    expect(first(5, 7)).not.toEqual(first(5, 8));
    expect(first(5)).toEqual(first(5, 1));
  });

  test('is mulberry32: its first numbers are those of the reference', () => {
    const reference = (seed: number) => () => {
      let t = (seed += 0x6d2b79f5);
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    for (const seed of [0, 1, 123456789, 2 ** 32 - 1]) expect(first(1000, seed)).toEqual(Array.from({ length: 1000 }, reference(seed)));
  });

  test('is spread evenly over [0, 1)', () => {
    const counts = Array<number>(10).fill(0);
    for (const value of first(10_000, 3)) counts[Math.floor(value * 10)] = (counts[Math.floor(value * 10)] as number) + 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
