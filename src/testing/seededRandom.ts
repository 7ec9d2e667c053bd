/**
 * Numbers in [0, 1) that are the same for the same seed, for `RunConfig.random`: jitter and sampling repeat.
 *
 * The generator is mulberry32 by Tommy Ettinger: 32 bits of state, a period of 2³². For tests, not for secrets.
 *
 * @param seed a whole number; its lower 32 bits count
 *
 * @example
 * ```ts
 * import { seededRandom } from 'rivulet/testing';
 *
 * const random = seededRandom(7);
 * const same = random() === seededRandom(7)(); // true
 * ```
 */
export function seededRandom(seed = 1): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
