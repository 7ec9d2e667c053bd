import { describe, expect, test } from '@jest/globals';
import { EMPTY, map, NEVER, of, timer, type Observable } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { list as listFold } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { whole } from '../../src/core/flow/whole.js';
import { branch } from '../../src/operators/control/branch.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { list } from '../../src/operators/parsers/list.js';
import { marbles } from '../marbles.js';
import { startsOver } from './startsOver.js';
import { told } from './told.js';

const isLong = (text: string): boolean => text.length > 3;
const hello = () => told('hello', of('He', 'llo'));
const sorry = lambda((_: string) => 'sorry');

describe('branch', () => {
  test('runs the flow of the first condition that holds, as it comes', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const [a, b] = [cold('--x-y|'), cold('--z|')];
    const flows = branch([isLong, told('a', a)], [() => true, told('b', b)], sorry);
    expectObservable(cold('-i-|', { i: 'long enough' }).pipe(flows)).toBe('---x-y|');
    expectSubscriptions(a.subscriptions).toBe('-^----!');
    expectSubscriptions(b.subscriptions).toBe([]);
  }));

  test('asks one condition after the other, and waits for each', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const [no, yes] = [cold('--n', { n: false }), cold('---y', { y: true })];
    expectObservable(branch([() => no, sorry], [() => yes, told('b', cold('-z|'))]).run('i')).toBe('------z|');
    expectSubscriptions(no.subscriptions).toBe('^-!');
    expectSubscriptions(yes.subscriptions).toBe('--^--!');
  }));

  test('stops asking when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const asked = cold('---y', { y: true });
    const target = cold('x');
    expectObservable(branch([() => asked, told('a', target)]).run('i'), '--!').toBe('---');
    expectSubscriptions(asked.subscriptions).toBe('^-!');
    expectSubscriptions(target.subscriptions).toBe([]);
  }));

  test('cancels what runs when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const target = cold('-x-y|');
    expectObservable(branch([() => true, told('a', target)], sorry).run('i'), '--!').toBe('-x-');
    expectSubscriptions(target.subscriptions).toBe('^-!');
  }));

  test('ends with an error of its source, a condition or what runs', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-#').pipe(branch([isLong, sorry], sorry))).toBe('-#');
    expectObservable(branch([() => cold<boolean>('-#'), sorry], sorry).run('i')).toBe('-#');
    expectObservable(branch([() => true, told('a', cold('-x#'))], sorry).run('i')).toBe('-x#');
    expectObservable(branch([() => { throw new Error('boom'); }, sorry]).run('i')).toBe('#', undefined, new Error('boom'));
  }));

  test('makes what runs wait for a slow consumer', marbles(({ cold, expectObservable, flush }) => {
    let gate: Gate | undefined;
    const slow = mapAsync((chunk: string) => cold('-(x|)').pipe(map(() => chunk)), { probe: (probed) => (gate = probed) });
    expectObservable(chain(branch([() => true, flow<unknown, string>('a', whole(() => pull('123')))], sorry), slow).run('i')).toBe('-12(3|)');
    flush();
    expect(gate?.peak).toBe(1);
  }));

  test('gives a condition the whole input and the run', async () => {
    const asked: unknown[] = [];
    const flows = branch([(text, run) => void asked.push(text, run.tags), sorry], (text: string) => `${text}!`);
    expect(await chain(hello(), flows).invoke('', { tags: ['t'] })).toBe('Hello!');
    expect(asked).toEqual(['Hello', ['t']]);
  });

  test('takes conditions that are values, promises, Observables or flows', async () => {
    const yes = lambda((_: string) => 'yes');
    const condition = [() => true, () => Promise.resolve(true), () => of(true, false), () => 'truthy', lambda((_: string) => of(false, true)), hello()] as const;
    for (const holds of condition) expect(await branch([holds, yes], sorry).invoke('')).toBe('yes');
    const fails = [() => false, () => Promise.resolve(false), () => of(false, true), () => EMPTY, () => undefined, lambda((_: string) => of(true, false))] as const;
    for (const holds of fails) expect(await branch([holds, yes], sorry).invoke('')).toBe('sorry');
  });

  test('stays synchronous', () => {
    const seen: unknown[] = [];
    branch([isLong, (text: string) => text.length], sorry).run('long').subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });
    expect(seen).toEqual([4, 'complete']);
  });

  test('says that nothing holds', async () => {
    await expect(branch([isLong, sorry], [isLong, sorry]).invoke('no')).rejects.toMatchObject({ code: 'NO_ROUTE' });
    await expect(branch([isLong, sorry]).invoke('no')).rejects.toThrow('none of the 1 conditions');
  });

  test('is refused without a condition, or with a default that is not last', () => {
    expect(() => branch(sorry as never)).toThrow('INVALID_OPTION');
    expect(() => branch([isLong, sorry], sorry, sorry)).toThrow('INVALID_OPTION');
    expect(() => branch([isLong, sorry], sorry, [isLong, sorry])).toThrow('INVALID_OPTION');
  });

  describe('folds as what runs does', () => {
    const items = flow<unknown, string, readonly string[]>('items', whole(() => of('a', 'b')), { fold: listFold() });
    const mixed = branch([(kind: string) => kind === 'text', hello()], [(kind) => kind === 'items', items], (kind) => kind);

    test.each([['text', 'Hello'], ['items', ['a', 'b']], ['other', 'other']])('%s', async (kind, result) => {
      expect(await mixed.invoke(kind)).toEqual(result);
      expect(await chain(mixed, lambda((x) => x)).invoke(kind)).toEqual(result);
      expect(await parallel({ x: mixed, y: () => 1 }).invoke(kind)).toEqual({ x: result, y: 1 });
      expect(await branch([() => true, mixed], () => 0).invoke(kind)).toEqual(result);
      expect(await parallel({ z: parallel({ x: branch([() => true, mixed], () => 0) }) }).invoke(kind)).toEqual({ z: { x: result } });
      expect(await mixed.batch([kind, 'text', kind])).toEqual([result, 'Hello', result]);
      expect(await mixed.start(kind).result).toEqual(result);
    });

    test('of runs side by side', async () => {
      const slow = branch([(n: number) => n % 2 === 0, flow<unknown, string>('text', whole(() => timer(1).pipe(map(() => 'x'))), { fold: hello().fold })], [(n) => n % 3 === 0, items], (n) => n);
      expect(await slow.batch([0, 1, 2, 3, 4, 5])).toEqual(['x', 1, 'x', ['a', 'b'], 'x', 5]);
    });

    test('in a watched run', () => {
      const outputs: unknown[] = [];
      const span = flow<string, string>('span', mixed as never, { fold: mixed.fold as never, kind: 'agent' });
      span.events('text').subscribe((event) => {
        if (event.type === 'run_end') outputs.push(event.output);
      });
      chain(span, lambda((x) => x)).events('items').subscribe((event) => {
        if (event.type === 'span_end' && 'output' in event) outputs.push(event.output);
      });
      expect(outputs).toEqual(['Hello', ['a', 'b']]);
    });

    test('if it starts over', async () => {
      const flows = branch([() => true, startsOver(['sta', 'le'], ['fre', 'sh'])], () => 0);
      expect(await flows.invoke('')).toBe('fresh');
      expect(await branch([() => true, flows], () => [0]).invoke('')).toBe('fresh');
      expect(await parallel({ x: flows }).invoke('')).toEqual({ x: 'fresh' });
    });

    test('if the input starts over', async () => {
      expect(await chain(startsOver(['text'], ['it', 'ems']), mixed).invoke('')).toEqual(['a', 'b']);
      expect(await chain(startsOver(['items\n'], ['text\n']), list(), map((kind) => kind), mixed).invoke('')).toBe('Hello');
    });

    test('and none, before it is known', async () => {
      const run = branch([() => NEVER as Observable<boolean>, hello()], items).start('');
      const states: unknown[] = [];
      run.state$.subscribe((state) => states.push(state));
      run.cancel();
      expect(states).toEqual([]);
      await expect(run.result).rejects.toMatchObject({ code: 'CANCELLED' });
    });
  });
});
