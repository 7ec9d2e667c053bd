import { describe, expect, test } from '@jest/globals';
import { forkJoin, map, merge, mergeMap, Observable, of, queueScheduler, retry, share, take, throwError, type OperatorFunction } from 'rxjs';
import type { RunContext } from '../../src/core/context/RunContext.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { withContext } from '../../src/core/context/withContext.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { contextOf, createSource, operate } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';

/** A step that notes under `name` the tags it sees. */
function noting(seen: string[], name: string): OperatorFunction<number, number> {
  return operate((source, subscriber) => {
    seen.push(`${name}:${contextOf(subscriber)?.tags.join() ?? 'none'}`);
    return source.subscribe(subscriber);
  });
}

const seenBy = (steps: (note: (name: string) => OperatorFunction<number, number>) => Observable<unknown>): readonly string[] => {
  const seen: string[] = [];
  steps((name) => noting(seen, name)).subscribe();
  return seen.sort();
};

const contextSeen = (patch: Parameters<typeof withContext>[0], outer = {}): RunContext => {
  let seen: RunContext | undefined;
  const probe = lambda((_: number, run) => void (seen = run));
  flow('outer', (source: Observable<number>) => source.pipe(probe, withContext(patch))).run(0, outer).subscribe();
  return seen as RunContext;
};

describe('withContext as an operator', () => {
  test('is seen by all of upstream, and by nothing downstream', () => {
    expect(seenBy((note) => of(1).pipe(note('a'), note('b'), withContext({ tags: ['T'] }), note('c')))).toEqual(['a:T', 'b:T', 'c:none']);
  });

  test('nests from downstream up: tags add, the nearer setting wins', () => {
    expect(seenBy((note) => of(1).pipe(note('a'), withContext({ tags: ['inner'] }), note('b'), withContext({ tags: ['outer'] }), note('c')))).toEqual(['a:outer,inner', 'b:outer', 'c:none']);
    const seen = contextSeen({ thread: 'near', metadata: { b: 2 }, configurable: { x: 1 } }, { thread: 'far', branch: 'dev', metadata: { a: 1, b: 1 } });
    expect(seen).toMatchObject({ thread: 'near', branch: 'dev', metadata: { a: 1, b: 2 }, configurable: { x: 1 } });
  });

  test('passes values, errors and unsubscription through', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-#');
    expectObservable(source.pipe(withContext({ tags: ['T'] }))).toBe('-a-b-#');
    expectObservable(source.pipe(withContext({ tags: ['T'] })), '--!').toBe('-a');
    expectSubscriptions(source.subscriptions).toBe(['^----!', '^-!']);
  }));
});

describe('withContext around a flow', () => {
  const noted = (note: (name: string) => OperatorFunction<number, number>, name: string) => flow(name, note(name));

  test('is seen by the flow alone: at its input the outer context is restored', () => {
    expect(seenBy((note) => of(1).pipe(note('before'), withContext({ tags: ['T'] }, noted(note, 'in')), note('after'), withContext({ tags: ['all'] })))).toEqual(['after:all', 'before:all', 'in:all,T']);
  });

  test('with no context above it, upstream sees a root with defaults', () => {
    expect(seenBy((note) => of(1).pipe(note('before'), withContext({ tags: ['T'] }, noted(note, 'in'))))).toEqual(['before:', 'in:T']);
  });

  test('nests forwards, not backwards: of two in a row neither sees the other', () => {
    expect(seenBy((note) => of(1).pipe(withContext({ tags: ['A'] }, noted(note, 'a')), withContext({ tags: ['B'] }, noted(note, 'b')), withContext({ tags: ['all'] })))).toEqual(['a:all,A', 'b:all,B']);
    expect(seenBy((note) => of(1).pipe(withContext({ tags: ['A'] }, withContext({ tags: ['B'] }, noted(note, 'in')))))).toEqual(['in:A,B']);
  });

  test('keeps the flow\'s name and fold', async () => {
    const inner = chain(lambda((n: number) => n + 1, 'plus'));
    expect(withContext({ tags: ['T'] }, inner).name).toBe('plus');
    expect(await withContext({ tags: ['T'] }, inner).invoke(1)).toBe(2);
  });

  test.each<object>([{ runid: 'x' }, { constructor: 1 }, { timeoutMs: -1 }, { recursionLimit: 0 }])('refuses %j when it is built', (patch) => {
    expect(() => withContext(patch as never)).toThrow(/INVALID_(CONFIG|OPTION)/);
  });
});

describe('the context of a run', () => {
  test('has defaults for all that its caller didn\'t set', () => {
    let seen: RunScope | undefined;
    lambda((_: string, run) => void (seen = run)).run('').subscribe();
    expect(seen).toMatchObject({ runName: undefined, tags: [], metadata: {}, configurable: {}, thread: undefined, branch: 'main', checkpointId: undefined, recursionLimit: 25, maxConcurrency: Infinity, path: [], attempt: 1, parentRunId: undefined });
    expect(seen?.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(seen?.traceId).toBe(seen?.runId);
  });

  test('has what its caller set', () => {
    const random = () => 0.5;
    const settings = { runId: 'id', runName: 'name', tags: ['t'], metadata: { m: 1 }, configurable: { c: 1 }, thread: 'th', branch: 'b', checkpointId: 'cp', recursionLimit: 3, maxConcurrency: 2, scheduler: queueScheduler, random, ids: () => 'next' };
    let seen: RunScope | undefined;
    lambda((_: string, run) => void (seen = run)).run('', settings).subscribe();
    expect(seen).toMatchObject(settings);
  });

  test('has ids of its own clock and random, so that a seeded run repeats', () => {
    const idOf = (seed: number): string => {
      let id = '';
      const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
      lambda((_: string, run) => void (id = run.runId)).run('', { random, scheduler: queueSchedulerAt(1_000) }).subscribe();
      return id;
    };
    expect(idOf(7)).toBe(idOf(7));
    expect(idOf(7)).not.toBe(idOf(8));
    expect(idOf(7)).toMatch(/^00000000-03e8-7/);
  });

  test('is its own: nothing a run sets is seen by another that runs at the same time', () => {
    const seen: string[] = [];
    const step = lambda((_: string, run) => void seen.push(run.tags.join()));
    merge(step.run('', { tags: ['a'] }), step.run('', { tags: ['b'] }), step.run('')).subscribe();
    expect(seen).toEqual(['a', 'b', '']);
  });

  test('is found anew by each attempt of a plain retry', () => {
    const seen: string[] = [];
    const failing = operate<number, number>((_source, subscriber) => {
      seen.push(contextOf(subscriber)?.tags.join() ?? 'none');
      subscriber.error('no');
    });
    of(1).pipe(failing, retry(2), withContext({ tags: ['T'] })).subscribe({ error: () => undefined });
    expect(seen).toEqual(['T', 'T', 'T']);
  });

  test('does not pass through share: there its flows run under a context of their own', () => {
    expect(seenBy((note) => of(1).pipe(note('above'), share(), note('below'), withContext({ tags: ['T'] })))).toEqual(['above:none', 'below:T']);
  });
});

describe('a subscriber that is closed already', () => {
  test('starts nothing: RxJS subscribes to sources on closed subscribers', () => {
    let effects = 0;
    const effect = lambda(() => effects++);
    const source = createSource<number>((subscriber) => (effects++, subscriber.complete()));
    const plain = chain(map((n: number) => n), map((n) => n))(new Observable<number>(() => void effects++));
    const kinds = [plain, effect.run(1), source, of(1).pipe(effect), chain(effect, effect).run(1), effect.events(1), of(1).pipe(withContext({}, effect)), of(1).pipe(withContext({}), effect)];
    for (const kind of kinds) forkJoin([throwError(() => 'no'), kind as Observable<unknown>]).pipe(withContext({})).subscribe({ error: () => undefined });
    expect(effects).toBe(0);
  });

  test('nor does an effect start behind a step that took what it wanted', () => {
    const seen: number[] = [];
    const step = lambda((n: number) => (seen.push(n), n));
    of(1, 2, 3).pipe(mergeMap((n) => step.run(n)), map((n) => n), take(1)).subscribe();
    expect(seen).toEqual([1]);
  });
});

function queueSchedulerAt(now: number): typeof queueScheduler {
  return Object.assign(Object.create(queueScheduler) as typeof queueScheduler, { now: () => now });
}
