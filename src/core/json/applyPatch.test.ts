import { describe, expect, test } from '@jest/globals';
import * as fastJsonPatch from '@langchain/core/utils/json_patch';
import fc from 'fast-check';
import type { PatchOperation } from '../events/RunEvent.js';
import { isRivuletError } from '../errors/RivuletError.js';
import { applyPatch } from './applyPatch.js';
import { patchFold } from './patchFold.js';
import { pointerPart } from './jsonPointer.js';

/** What fast-json-patch makes of it, strictly. */
const reference = (document: unknown, patch: readonly PatchOperation[]): unknown =>
  fastJsonPatch.applyPatch(structuredClone(document), structuredClone(patch) as fastJsonPatch.Operation[], true).newDocument;

function pointersOf(value: unknown, at = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => pointersOf(item, `${at}/${pointerPart(key)}`))];
}

describe('applyPatch', () => {
  test.each<[string, unknown, readonly PatchOperation[], unknown]>([
    ['puts a whole document', undefined, [{ op: 'add', path: '', value: { a: 1 } }], { a: 1 }],
    ['adds and replaces members', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }, { op: 'add', path: '/a', value: 3 }, { op: 'replace', path: '/b', value: 4 }], { a: 3, b: 4 }],
    ['adds, replaces and removes items', ['b'], [{ op: 'add', path: '/0', value: 'a' }, { op: 'add', path: '/-', value: 'd' }, { op: 'add', path: '/3', value: 'e' }, { op: 'replace', path: '/2', value: 'c' }, { op: 'remove', path: '/0' }], ['b', 'c', 'e']],
    ['moves', { a: { b: [1, 2] } }, [{ op: 'move', from: '/a/b/0', path: '/c' }], { a: { b: [2] }, c: 1 }],
    ['copies, and what is copied grows apart', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }, { op: 'copy', from: '/a', path: '/b' }, { op: 'add', path: '/b/-', value: 3 }], { a: [1, 2], b: [1, 2, 3] }],
    ['tests', { a: { x: 1, y: [2] } }, [{ op: 'test', path: '/a', value: { y: [2], x: 1 } }], { a: { x: 1, y: [2] } }],
    ['unescapes keys', { 'a/b': { '~1': 0 } }, [{ op: 'replace', path: '/a~1b/~01', value: 1 }], { 'a/b': { '~1': 1 } }],
    ['takes __proto__ for a key like any other', {}, [{ op: 'add', path: '/__proto__', value: { a: 1 } }], JSON.parse('{"__proto__":{"a":1}}')],
  ])('%s', (_what, document, patch, expected) => {
    const before = JSON.stringify(document);
    expect(JSON.stringify(applyPatch(document, patch))).toBe(JSON.stringify(expected));
    expect(JSON.stringify(document)).toBe(before);
  });

  test.each<[string, unknown, PatchOperation]>([
    ['a member that isn\'t there', { a: 1 }, { op: 'replace', path: '/b', value: 1 }],
    ['a member above that isn\'t there', { a: 1 }, { op: 'add', path: '/b/c', value: 1 }],
    ['a member of a text', { a: 'text' }, { op: 'add', path: '/a/0', value: 1 }],
    ['what an object inherits', {}, { op: 'remove', path: '/toString' }],
    ['an item past the end', [1], { op: 'add', path: '/2', value: 1 }],
    ['no index', [1], { op: 'replace', path: '/00', value: 1 }],
    ['the item after the last, which can\'t be removed', [1], { op: 'remove', path: '/-' }],
    ['another value', { a: 1 }, { op: 'test', path: '/a', value: 2 }],
    ['what it would be moved into', { a: { b: 1 } }, { op: 'move', from: '/a', path: '/a/b' }],
    ['no pointer', { a: 1 }, { op: 'remove', path: 'a' }],
    ['no operation', { a: 1 }, { op: 'swap' as 'test', path: '/a' }],
  ])('refuses %s', (_what, document, operation) => {
    const refused = expect(() => applyPatch(document, [{ op: 'test', path: '', value: document }, operation]));
    refused.toThrow(operation.path);
    refused.toThrow(/PATCH_INVALID/);
  });

  test('shares what it doesn\'t touch, and what it is given', () => {
    const before = { a: { list: [{ n: 1 }, { n: 2 }] }, b: {} };
    const value = {};
    const after = applyPatch(before, [{ op: 'replace', path: '/a/list/1/n', value: 3 }, { op: 'add', path: '/c', value }]) as typeof before & { readonly c: object };
    expect(after).toEqual({ a: { list: [{ n: 1 }, { n: 3 }] }, b: {}, c: {} });
    expect(after.b).toBe(before.b);
    expect(after.a.list[0]).toBe(before.a.list[0]);
    expect(after.a.list[1]).not.toBe(before.a.list[1]);
    expect(applyPatch(after, [{ op: 'add', path: '/c/x', value: 1 }])).toMatchObject({ c: { x: 1 } });
    expect(value).toEqual({});
    expect(applyPatch(after, [])).toBe(after);
  });

  test('makes what fast-json-patch makes, and fails where that fails (but for moves, which that doesn\'t check)', () => {
    const safe = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('', '/', '~', '~1', '0', '-')).filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key));
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof({ maxDepth: 3 }, fc.constantFrom(0, 'text', null, true), fc.array(tie('json'), { maxLength: 3 }), fc.dictionary(safe, tie('json'), { maxKeys: 3, noNullPrototype: true })),
    }));
    const step = fc.record({ op: fc.constantFrom('add', 'replace', 'remove', 'copy'), to: fc.nat(), from: fc.nat(), below: fc.option(fc.oneof(safe, fc.constant('-')), { freq: 1 }), value: json });
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 3 }), fc.array(step, { maxLength: 6 }), (document, steps) => {
        let [ours, theirs]: unknown[] = [document, document];
        const folding = patchFold.start();
        folding.add([{ op: 'add', path: '', value: document }]);
        for (const { op, to, from, below, value } of steps) {
          const places = pointersOf(theirs).slice(1);
          const place = (at: number): string => places[at % places.length] ?? '/0';
          const operation = { op, path: `${place(to)}${below === null ? '' : `/${pointerPart(below)}`}`, ...(op === 'copy' ? { from: place(from) } : op !== 'remove' && { value }) } as PatchOperation;
          let expected: unknown;
          try {
            expected = reference(theirs, [operation]);
          } catch {
            expect(() => applyPatch(ours, [operation])).toThrow(/PATCH_INVALID/);
            continue;
          }
          theirs = expected;
          ours = applyPatch(ours, [operation]);
          folding.add([operation]);
          expect(ours).toEqual(theirs);
        }
        expect(folding.result()).toEqual(theirs);
      }),
      { numRuns: 200 },
    );
  });
});

describe('patchFold', () => {
  test('costs no more than the patches bring: 100,000 of them', () => {
    const folding = patchFold.start();
    folding.add([{ op: 'add', path: '', value: { said: [] } }]);
    for (let i = 0; i < 100_000; i++) folding.add([{ op: 'add', path: '/said/-', value: i }]);
    expect((folding.result() as { readonly said: readonly number[] }).said).toHaveLength(100_000);
  });

  test('a result doesn\'t change any more when more is added', () => {
    const folding = patchFold.start();
    folding.add([{ op: 'add', path: '', value: [] }]);
    const results = [1, 2].map((value) => {
      folding.add([{ op: 'add', path: '/-', value }]);
      return folding.result();
    });
    expect(results).toEqual([[1], [1, 2]]);
  });

  test('without a patch there is no result', () => {
    let thrown: unknown;
    try {
      patchFold.start().result();
    } catch (error) {
      thrown = error;
    }
    expect(isRivuletError(thrown, 'EMPTY_RUN')).toBe(true);
  });
});
