import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, of } from 'rxjs';
import { carryFold, concatText, FOLD, foldOf, foldOfValue, last, list, single, tagFold, type Fold } from './fold.js';

function folded<O, R>(fold: Fold<O, R>, chunks: readonly O[]): R {
  const folding = fold.start();
  for (const chunk of chunks) folding.add(chunk);
  return folding.result();
}

describe('a fold', () => {
  test('list keeps every chunk in order, concatText joins, last takes the last', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (chunks) => {
        expect(folded(list<string>(), chunks)).toEqual(chunks);
        expect(folded(concatText, chunks)).toBe(chunks.join(''));
        if (chunks.length > 0) expect(folded(last<string>(), chunks)).toBe(chunks.at(-1));
      }),
    );
  });

  test('makes a result of what came so far, and goes on; a result isn\'t changed by what comes later', () => {
    const folding = list<number>().start();
    folding.add(1);
    const one = folding.result();
    folding.add(2);
    expect([one, folding.result()]).toEqual([[1], [1, 2]]);
  });

  test('starts anew for every run', () => {
    expect(folded(concatText, ['a'])).toBe('a');
    expect(folded(concatText, ['b'])).toBe('b');
  });

  test('single and last need a value, which may be undefined; single no more than one', () => {
    for (const fold of [single<unknown>(), last<unknown>()]) {
      expect(() => folded(fold, [])).toThrow(/EMPTY_RUN/);
      expect(folded(fold, [undefined])).toBeUndefined();
    }
    expect(() => folded(single<number>(), [1, 2])).toThrow(/AMBIGUOUS_RESULT/);
  });
});

describe('a fold tag', () => {
  test('is found under the well-known symbol, on Observables and on values', () => {
    const source = tagFold(of('a'), concatText);
    expect(foldOf(source)).toBe(concatText);
    expect((source as unknown as Record<symbol, unknown>)[Symbol.for('rivulet.fold')]).toBe(concatText);
    expect(foldOfValue({ [FOLD]: concatText })).toBe(concatText);
  });

  test('is nowhere else', () => {
    for (const value of [null, undefined, 1, 'a', Symbol('a'), {}, []]) expect(foldOfValue(value)).toBeUndefined();
    expect(foldOf(of(1))).toBeUndefined();
  });

  test('is carried over by a wrapper', () => {
    expect(foldOf(carryFold(tagFold(of('a'), concatText), from(['b'])))).toBe(concatText);
    expect(foldOf(carryFold(of('a'), from(['b'])))).toBeUndefined();
  });
});
