import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PatchOperation } from '../../../core/events/RunEvent.js';
import { patchFold } from '../../../core/json/patchFold.js';
import { JsonPatchReader } from './JsonPatchReader.js';
import { JsonText } from './JsonText.js';

const patched = (): JsonText<JsonPatchReader> => new JsonText({ around: 'nothing' }, (position, depth) => new JsonPatchReader(position, depth));

function patchesOf(pieces: readonly string[]): (readonly PatchOperation[])[] {
  const text = patched();
  const patches = pieces.map((piece) => (text.write(piece) ? text.reader.takePatch() : []));
  return text.end() ? [...patches, text.reader.takePatch()] : patches;
}

describe('JsonPatchReader', () => {
  test('says what each piece changed, once, by RFC 6902', () => {
    expect(patchesOf(['{"a":', '"x', 'y","b":[1,', '{"c":[', '2,3', '],"d/~":"', 'z', '"}],', '"e":{"f":{}}', '}'])).toEqual([
      [{ op: 'add', path: '', value: {} }],
      [{ op: 'add', path: '/a', value: 'x' }],
      [{ op: 'replace', path: '/a', value: 'xy' }, { op: 'add', path: '/b', value: [1] }],
      [{ op: 'add', path: '/b/1', value: { c: [] } }],
      [{ op: 'add', path: '/b/1/c/0', value: 2 }],
      [{ op: 'add', path: '/b/1/c/1', value: 3 }, { op: 'add', path: '/b/1/d~1~0', value: '' }],
      [{ op: 'replace', path: '/b/1/d~1~0', value: 'z' }],
      [],
      [{ op: 'add', path: '/e', value: { f: {} } }],
      [],
    ]);
    expect(patchesOf(['"a', 'b"'])).toEqual([[{ op: 'add', path: '', value: 'a' }], [{ op: 'replace', path: '', value: 'ab' }]]);
    expect(patchesOf(['1', '2'])).toEqual([[], [], [{ op: 'add', path: '', value: 12 }]]);
    expect(patchesOf(['{"a":[1', '],"a":2}'])).toEqual([[{ op: 'add', path: '', value: { a: [] } }], [{ op: 'add', path: '/a/0', value: 1 }, { op: 'add', path: '/a', value: 2 }]]);
  });

  test('points into the containers that are open now', () => {
    const paths = patchesOf(['[[1', ',2],[3', ',4],{"a":[5', ',6],"b":[7', ',8]}]']).map((patch) => patch.map(({ path }) => path));
    expect(paths).toEqual([[''], ['/0/0', '/0/1', '/1'], ['/1/0', '/1/1', '/2'], ['/2/a/0', '/2/a/1', '/2/b'], ['/2/b/0', '/2/b/1']]);
  });

  test('patches, applied, are the growing value after every piece, however it is cut', () => {
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 20 });
    const awkward = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '', '/', '~', '~1', '0', '-')), fc.jsonValue());
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()), awkward), places, (value, where) => {
        const json = JSON.stringify(value);
        const ends = [...where.map((place) => Math.floor(place * json.length)), json.length].sort((a, b) => a - b);
        const text = patched();
        const folding = patchFold.start();
        const taken: [readonly PatchOperation[], string][] = [];
        ends.forEach((end, index) => {
          if (!text.write(json.slice(ends[index - 1] ?? 0, end))) return;
          const patch = text.reader.takePatch();
          taken.push([patch, JSON.stringify(patch)]);
          folding.add(patch);
          expect(JSON.stringify(folding.result())).toBe(JSON.stringify(text.reader.value));
        });
        if (text.end()) folding.add(text.reader.takePatch());
        expect(JSON.stringify(folding.result())).toBe(JSON.stringify(JSON.parse(json)));
        for (const [patch, was] of taken) expect(JSON.stringify(patch)).toBe(was); // a patch doesn't change once it is told
      }),
      { numRuns: 500 },
    );
  });

  test('is linear: patches bring each member once', () => {
    const share = (items: number): number => {
      const json = JSON.stringify({ items: Array.from({ length: items }, () => ({ id: 1, name: 'abc' })) });
      const patches = patchesOf(json.match(/[^]{1,5}/g) as string[]);
      return JSON.stringify(patches.flat().map(({ value }) => value)).length / json.length;
    };
    expect(share(5000) / share(500)).toBeCloseTo(1, 2);
  });

  test('a fold without a patch has no result', () => {
    expect(() => patchFold.start().result()).toThrow(/EMPTY_RUN/);
  });
});
