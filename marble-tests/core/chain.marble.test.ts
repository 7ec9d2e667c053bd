import { describe, expect, test } from '@jest/globals';
import { filter, from, map, mergeMap, of, range, scan, tap, timer, type Observable } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { flow, stepsOf, type Flow } from '../../src/core/flow/flow.js';
import { concatText, foldOf, list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';

const upper = flow('upper', map((text: string) => text.toUpperCase()), { fold: concatText });
const letters = flow('letters', mergeMap((text: string) => from([...text])), { fold: list<string>() });
const tagsOf = (name: string) => lambda((_: unknown, run) => run.tags, name);

describe('a chain', () => {
  test('streams: each chunk runs on as it comes', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c|');
    expectObservable(source.pipe(chain(map((x: string) => `${x}1`), upper, filter((x) => x !== 'B1')))).toBe('-x---y|', { x: 'A1', y: 'C1' });
    expectSubscriptions(source.subscriptions).toBe('^-----!');
  }));

  test('passes an error on from the step that raised it, and leaves what is upstream', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c|');
    const fails = map((x: string): string => {
      if (x === 'B') throw new Error('boom');
      return x;
    });
    expectObservable(source.pipe(chain(upper, fails))).toBe('-A-#', undefined, new Error('boom'));
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('is unsubscribed as one', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-c|');
    const call = cold('---x|');
    expectObservable(source.pipe(chain(upper, map((x) => x))), '---!').toBe('-A-');
    expectSubscriptions(source.subscriptions).toBe('^--!');
    expectObservable(chain(upper, lambda((_: string) => call), upper).run('a'), '-!').toBe('--');
    expectSubscriptions(call.subscriptions).toBe('^!');
  }));

  test('flattens the chains in it', () => {
    const steps = [upper, letters, upper, map((x: string) => x), upper] as const;
    const nested = chain(chain(steps[0], steps[1]), chain(steps[2], chain(steps[3], steps[4])));
    expect(stepsOf(nested as never)).toEqual(steps);
    expect(stepsOf(chain(upper, letters).pipe(upper) as never)).toEqual([upper, letters, upper]);
  });

  test('is named after its steps', () => {
    expect(chain(upper, letters).name).toBe('upper | letters');
    expect(chain(upper, map((x) => x)).name).toBe('upper | operator');
    expect(chain(chain(upper, letters), upper).name).toBe('upper | letters | upper');
  });

  test('of one step is that step', async () => {
    expect(await chain(upper).invoke('a')).toBe('A');
    expect(await chain(map((n: number) => n + 1)).invoke(1)).toBe(2);
  });

  test('may be used twice, and run many times at once: it holds no state', marbles(({ expectObservable }) => {
    const counting = chain(scan((n: number) => n + 1, 0), lambda((n: number) => timer(2).pipe(map(() => n))));
    expectObservable(counting.run(0)).toBe('--(x|)', { x: 1 });
    expectObservable(counting.run(0)).toBe('--(x|)', { x: 1 });
    expectObservable(chain(counting, counting).run(0)).toBe('----(x|)', { x: 1 });
  }));

  test('of 200 steps works, and one of 20 carries 100,000 synchronous chunks', () => {
    const grown = (steps: Flow<number, number>, many: number): Flow<number, number> => (many === 0 ? steps : grown(chain(steps, map((n) => n + 1)), many - 1));
    let result = 0;
    grown(chain(map((n: number) => n)), 200).run(0).subscribe((n) => (result = n));
    expect(result).toBe(200);

    let chunks = 0;
    grown(lambda((n: number) => range(0, n)), 20).run(100_000).subscribe(() => chunks++);
    expect(chunks).toBe(100_000);
  });
});

describe('a chain folds', () => {
  test('as its last step does, if that is a flow', async () => {
    expect(await chain(upper, letters).invoke('abc')).toEqual(['A', 'B', 'C']);
    expect(await chain(letters, upper).invoke('abc')).toBe('ABC');
    expect(chain(letters, upper).fold).toBe(concatText);
    expect(await chain(letters, chain(upper, letters)).invoke('ab')).toEqual(['A', 'B']);
  });

  test('to its single value after a plain operator; a second is AMBIGUOUS_RESULT', async () => {
    expect(await chain(upper, map((x) => x.length)).invoke('abc')).toBe(3);
    await expect(chain(letters, map((x) => x)).invoke('abc')).rejects.toMatchObject({ code: 'AMBIGUOUS_RESULT' });
    await expect(chain(upper, filter(() => false)).invoke('abc')).rejects.toMatchObject({ code: 'EMPTY_RUN' });
  });

  test('to many values when it is run, whatever its fold', () => {
    const seen: string[] = [];
    chain(letters, map((x) => x)).run('abc').subscribe((x) => seen.push(x));
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  test('the same while it is watched: an ambiguous run only has no output to tell', () => {
    const sink = recorder();
    const seen: string[] = [];
    chain(letters, map((x) => x)).run('abc', { events: sink }).subscribe((x) => seen.push(x));
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(sink.events.at(-1)).toMatchObject({ type: 'run_end', status: 'done' });
    expect(sink.events.at(-1)).not.toHaveProperty('output');
  });

  test('what a step that needs a whole value gets, is the fold of the step before it', () => {
    const seen: unknown[] = [];
    of('ab').pipe(chain(letters, upper, lambda((text: string) => [text]))).subscribe((x) => seen.push(x));
    expect(seen).toEqual([['AB']]);
    expect(foldOf(of('ab').pipe(chain(letters, upper)))).toBe(concatText);
  });
});

describe('the steps of a chain', () => {
  const three = chain(tagsOf('a'), chain(tagsOf('b'), tagsOf('c')));
  const seenBy = (config: object): readonly (readonly string[])[] => {
    const seen: (readonly string[])[] = [];
    const spy = (): ((source: Observable<readonly string[]>) => Observable<readonly string[]>) => tap((tags) => seen.push(tags));
    chain(tagsOf('a'), spy(), chain(tagsOf('b'), spy(), tagsOf('c'))).run('', config).subscribe((tags) => seen.push(tags));
    return seen;
  };

  test('are tagged seq:step:n while somebody watches, counted over the flattened chain', () => {
    expect(seenBy({ events: recorder() })).toEqual([['seq:step:1'], ['seq:step:3'], ['seq:step:5']]);
  });

  test('are not tagged, nor wrapped, while nobody does', () => {
    expect(seenBy({ tags: ['mine'] })).toEqual([['mine'], ['mine'], ['mine']]);
  });

  test('see the tags of whoever runs the chain, and their own alone', () => {
    const seen: (readonly string[])[] = [];
    three.run('', { tags: ['mine'], events: recorder() }).subscribe((tags) => seen.push(tags));
    expect(seen).toEqual([['mine', 'seq:step:3']]);
  });
});
