import { describe, expect, test } from '@jest/globals';
import { EMPTY, of } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { assign } from '../../src/operators/control/assign.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { pick } from '../../src/operators/control/pick.js';
import { marbles } from '../marbles.js';
import { runsTwice, startsOver } from './startsOver.js';
import { told } from './told.js';

describe('pick', () => {
  test("lets one key's chunks through as they come", marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const a = cold('-a-b|');
    expectObservable(chain(parallel({ a: told('a', a), b: told('b', cold('--c---|')) }), pick('a')).run('')).toBe('-a-b--|');
    expectSubscriptions(a.subscriptions).toBe('^---!');
  }));

  test('ends with the error of its source, and leaves it when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    expectObservable(cold<{ readonly a: string }>('-#').pipe(pick('a'))).toBe('-#');
    const source = cold('-i---|', { i: { a: 'x' } });
    expectObservable(source.pipe(pick('a')), '--!').toBe('-x-');
    expectSubscriptions(source.subscriptions).toBe('^-!');
  }));

  test('folds one key as it folded before', async () => {
    const streaming = parallel({ text: told('text', of('He', 'llo')), silent: told('silent', EMPTY), n: () => 1 });
    expect(await chain(streaming, pick('text')).invoke('')).toBe('Hello');
    expect(await chain(streaming, pick('silent')).invoke('')).toBe('');
    expect(await chain(streaming, pick('n'), lambda((n) => n + 1)).invoke('')).toBe(2);
    expect(await chain(streaming, assign({ more: told('more', of('a', 'b')) }), pick('more'), lambda((x) => x)).invoke('')).toBe('ab');
    expect(await pick('a').invoke({ a: 'x' })).toBe('x');
  });

  test('makes an object of some keys', async () => {
    const streaming = parallel({ text: told('text', of('He', 'llo')), silent: told('silent', EMPTY), n: () => 1 });
    expect(await chain(streaming, pick(['text', 'n'])).invoke('')).toEqual({ text: 'Hello', n: 1 });
    expect(await chain(streaming, pick(['silent'])).invoke('')).toEqual({ silent: '' });
    expect(await pick(['a', 'c']).invoke({ a: 1, b: 2, c: 3 } as never)).toEqual({ a: 1, c: 3 });
    expect(await chain(streaming, pick(['text', 'n']), pick('text')).invoke('')).toBe('Hello');
  });

  test('starts over with its key, or with all', async () => {
    const streaming = parallel({ a: startsOver(['stale'], ['fre', 'sh']), b: startsOver(['stale'], []), c: () => 1 });
    expect(await chain(streaming, pick('a')).invoke('')).toBe('fresh');
    expect(await chain(streaming, pick('b')).invoke('')).toBe('');
    expect(await chain(streaming, pick(['a', 'b'])).invoke('')).toEqual({ a: 'fresh', b: '' });
    const twice = runsTwice(parallel({ a: told('a', of('x', 'y')) }));
    expect(await chain(twice, pick('a')).invoke('')).toBe('xy');
    expect(await chain(twice, pick(['a'])).invoke('')).toEqual({ a: 'xy' });
    const remade = chain(startsOver(['stale'], ['fresh']), parallel({ a: told('a', of('x', 'y')) }));
    expect(await chain(remade, pick('a')).invoke('')).toBe('xy');
    expect(await chain(remade, pick(['a'])).invoke('')).toEqual({ a: 'xy' });
  });

  test('takes own keys alone', async () => {
    expect(await pick('constructor').invoke({} as never)).toBeUndefined();
    expect(await pick(['toString']).invoke({} as never)).toEqual({});
    await expect(pick('a').invoke('text' as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
