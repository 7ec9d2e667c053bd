import { describe, expect, test } from '@jest/globals';
import { filter, from, map, mergeMap, of, pipe, range, scan, tap, timer } from 'rxjs';
import { withContext } from '../../src/core/context/withContext.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { flow, stepsOf, type Flow } from '../../src/core/flow/flow.js';
import { concatText, foldOf, list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import { contextOf, operate } from '../../src/core/subscription.js';
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
  const step = (name: string): Flow<string, string> => flow(name, map((x: string) => x), { kind: 'tool' });
  const tagsIn = (operator: Flow<string, unknown>, config: object = {}): Readonly<Record<string, readonly string[]>> => {
    const sink = recorder();
    operator.run('', { ...config, events: sink }).subscribe();
    return Object.fromEntries(sink.events.flatMap((event) => (event.type === 'span_start' ? [[event.name, event.tags]] : [])));
  };

  test('are tagged seq:step:n in traces, counted over the flattened chain, over the tags that they inherit', () => {
    const three = chain(step('a'), map((x) => x), chain(step('b'), step('c')));
    expect(tagsIn(three, { tags: ['mine'] })).toEqual({ a: ['mine', 'seq:step:1'], b: ['mine', 'seq:step:3'], c: ['mine', 'seq:step:4'] });
  });

  test('alone: what runs within one is not tagged as it is', () => {
    const outer = flow('outer', chain(step('inner')), { kind: 'tool' });
    const awaiting = flow('awaiting', lambda((x: string, run) => step('awaited').run(x, run)), { kind: 'tool' });
    expect(tagsIn(chain(outer, awaiting))).toEqual({ outer: ['seq:step:1'], inner: ['seq:step:1'], awaiting: ['seq:step:2'], awaited: [] });
  });

  test('that are no runs hand the tag to the outermost runs in them', () => {
    const tags = tagsIn(chain(step('a'), withRetry(flow('b', chain(step('c')), { kind: 'tool' })), pipe(each(step('d')), each(step('e')))));
    expect(tags).toEqual({ a: ['seq:step:1'], b: ['seq:step:2'], c: ['seq:step:1'], d: ['seq:step:3'], e: ['seq:step:3'] });
  });

  test.each([{}, { events: recorder() }])('see no tag of theirs themselves, whether somebody watches or not: %#', (config) => {
    const seen: (readonly string[])[] = [];
    chain(tagsOf('a'), tap((tags) => void seen.push(tags)), tagsOf('b')).run('', { tags: ['mine'], ...config }).subscribe((tags) => seen.push(tags));
    expect(seen).toEqual([['mine'], ['mine']]);
  });

  test('are subscribed under the chain\'s own context while nobody watches', () => {
    const seen: unknown[] = [];
    const spy = operate<string, string>((source, subscriber) => (seen.push(contextOf(subscriber)), source.subscribe(subscriber)));
    of('').pipe(chain(spy, spy), withContext({ tags: ['mine'] })).subscribe();
    expect(seen).toEqual([seen[0], seen[0]]);
    expect(seen[1]).toBe(seen[0]);
  });
});
