import { describe, expect, test } from '@jest/globals';
import { concat, NEVER, of } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { passthrough } from '../../src/operators/control/passthrough.js';
import { pick } from '../../src/operators/control/pick.js';
import { marbles } from '../marbles.js';
import { startsOver } from './startsOver.js';
import { told } from './told.js';

describe('passthrough', () => {
  test('is its input', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-|');
    expectObservable(source.pipe(passthrough())).toBe('-a-b-|');
    expectObservable(cold('-a-#').pipe(passthrough())).toBe('-a-#');
    expectObservable(source.pipe(passthrough()), '--!').toBe('-a-');
    expectSubscriptions(source.subscriptions).toBe(['^----!', '^-!']);
  }));

  test('folds as what comes before it', async () => {
    const text = told('text', of('He', 'llo'));
    expect(await chain(text, passthrough()).invoke('')).toBe('Hello');
    expect(await chain(text, passthrough(), lambda((x) => x.length)).invoke('')).toBe(5);
    expect(await chain(parallel({ text }), passthrough(), pick('text'), passthrough()).invoke('')).toBe('Hello');
    expect(await passthrough<number>().invoke(1)).toBe(1);
    expect(await chain(startsOver(['stale'], ['fre', 'sh']), passthrough()).invoke('')).toBe('fresh');
  });

  test('shows each chunk before it goes on, with the run', () => {
    const seen: unknown[] = [];
    passthrough<string>((chunk, run) => seen.push(['seen', chunk, run.tags])).run('x', { tags: ['t'] }).subscribe((chunk) => seen.push(chunk));
    expect(seen).toEqual([['seen', 'x', ['t']], 'x']);
  });

  test('ends with what its callback throws or rejects with', async () => {
    await expect(passthrough(() => { throw new Error('boom'); }).invoke('')).rejects.toThrow('boom');
    const failed = new Promise((resolve) => concat(of('x'), NEVER).pipe(passthrough(() => Promise.reject(new Error('boom')))).subscribe({ error: resolve }));
    await expect(failed).resolves.toThrow('boom');
  });
});
