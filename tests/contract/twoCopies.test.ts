import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as rxA from 'rxjs';
import * as A from '../../src/core/index.js';

type Rivulet = typeof A;
type Rx = typeof rxA;

let B: Rivulet;
let rxB: Rx;

/** A second copy of Rivulet on a second copy of RxJS, as two versions of a package bring them into one program. */
beforeAll(async () => {
  jest.resetModules();
  B = await import('../../src/core/index.js');
  rxB = await import('rxjs');
});

/** A's types, whichever copy it is: what is asked is whether they meet at run time. */
const meets = <T>(other: unknown): T => other as T;

describe('two copies of Rivulet and of RxJS', () => {
  test('are two', () => {
    expect(B.Link).not.toBe(A.Link);
    expect(rxB.Observable).not.toBe(rxA.Observable);
  });

  test('find each other\'s context, demand and restart', () => {
    const gate = new B.Gate(3);
    const seen: unknown[] = [];
    const probe = A.createSource<number>((subscriber) => {
      seen.push(A.contextOf(subscriber)?.tags, A.demandOf(subscriber));
      A.restartOf(subscriber)();
      subscriber.complete();
    });
    const downstream = new B.Link<number>(undefined, { next: () => undefined, demand: gate, restart: () => seen.push('restarted') });
    meets<typeof probe>(probe.pipe(rxA.map((n) => n))).pipe(meets<rxA.OperatorFunction<number, number>>(rxB.map((n: number) => n)), meets<rxA.OperatorFunction<number, number>>(B.withContext({ tags: ['b'] }))).subscribe(meets<A.Link<number>>(downstream));
    expect(seen).toEqual([['b'], gate, 'restarted']);
  });

  test('know each other\'s flows: chains flatten, folds are kept', async () => {
    const upper = B.flow('upper', rxB.map((x: string) => x.toUpperCase()), { fold: B.concatText });
    expect(A.isFlow(upper)).toBe(true);
    const mixed = A.chain(meets<A.Flow<string, string>>(B.chain(upper, upper)), rxA.map((x: string) => `${x}!`), meets<A.Flow<string, string>>(upper));
    expect(mixed.fold).toBe(upper.fold);
    expect(await mixed.invoke('a')).toBe('A!');
    expect(A.foldOf(meets(upper.run('a')))).toBe(B.concatText);
  });

  test('fold each other\'s chunks for a step that needs its whole input', async () => {
    const letters = B.flow('letters', rxB.mergeMap((x: string) => rxB.from([...x])), { fold: B.concatText });
    expect(await A.chain(meets<A.Flow<string, string>>(letters), A.lambda((x: string) => `<${x}>`)).invoke('abc')).toBe('<abc>');
  });

  test('unwrap each other\'s Observables', async () => {
    expect(await A.lambda(() => meets<rxA.Observable<number>>(rxB.of(7))).invoke('')).toBe(7);
    expect(await B.lambda(() => meets<rxA.Observable<number>>(rxA.of(7))).invoke('')).toBe(7);
  });

  test('hand each other their `run`: tags, events and cancellation go on', async () => {
    const types: string[] = [];
    const inner = B.lambda((_: string, run) => (run.emit('inner'), run.tags));
    const outer = A.lambda((x: string, run) => inner.invoke(x, meets(run)));
    expect(await outer.invoke('', { tags: ['a'], events: { next: ({ type }) => void types.push(type) } })).toEqual(['a']);
    expect(types).toEqual(['run_start', 'custom', 'run_end']);

    let left = 0;
    let rejected: unknown;
    const hanging = B.lambda(() => new rxB.Observable<never>(() => () => left++));
    const waiting = A.lambda((x: string, run) => hanging.invoke(x, meets(run)).catch((error: unknown) => (rejected = error)));
    waiting.run('').subscribe().unsubscribe();
    await Promise.resolve();
    await Promise.resolve();
    expect(left).toBe(1);
    expect(A.isRivuletError(rejected, 'CANCELLED')).toBe(true);
  });

  test('know each other\'s errors by their brand, not by their class', async () => {
    const error: unknown = await B.lambda((n: number) => n).invoke(1, { thraed: 1 } as never).catch((raised: unknown) => raised);
    expect(error).not.toBeInstanceOf(A.RivuletError);
    expect(A.isRivuletError(error)).toBe(true);
    expect(A.isRivuletError(error, 'INVALID_CONFIG')).toBe(true);
    expect(A.isRivuletError(error, 'TIMEOUT')).toBe(false);
  });

  test('number the events of one run together', () => {
    const seqs: number[] = [];
    const inner = B.flow('inner', rxB.map((n: number) => n), { kind: 'tool' });
    A.chain(A.lambda((n: number) => n), meets<A.Flow<number, number>>(inner)).run(1, { events: { next: ({ seq }) => void seqs.push(seq) } }).subscribe();
    expect(seqs).toEqual([0, 1, 2, 3]);
  });

  test('make each other wait', () => {
    let made = 0;
    const numbers = function* (): Generator<number> {
      for (;;) yield made++;
    };
    const slow = A.mapAsync(() => rxA.NEVER, { concurrency: 2 });
    meets<rxA.Observable<number>>(B.pull(numbers()).pipe(rxB.map((n) => n))).pipe(slow).subscribe().unsubscribe();
    expect(made).toBe(2);
  });
});
