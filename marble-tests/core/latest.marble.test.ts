import { describe, expect, test } from '@jest/globals';
import { filter, from, map, Subject, timer, type Observable } from 'rxjs';
import { flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { latest } from '../../src/core/flow/latest.js';
import { messageChunk, messageFold } from '../../src/operators/messages/messageChunk.js';
import { marbles } from '../marbles.js';

const later = lambda((x: string) => timer(3).pipe(map(() => x)), 'later');

describe('latest', () => {
  test('runs the flow for the newest value: a new one cancels the run before it, in its very frame', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b------|');
    const calls = { a: cold('---x|'), b: cold('---y|') };
    expectObservable(source.pipe(latest(lambda((x: string) => calls[x as 'a' | 'b'])))).toBe('------y---|');
    expectSubscriptions(calls.a.subscriptions).toBe('-^-!');
    expectSubscriptions(calls.b.subscriptions).toBe('---^---!');
    expectSubscriptions(source.subscriptions).toBe('^---------!');
  }));

  test('lets a run end that nothing supersedes', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-a-b|').pipe(latest(later))).toBe('------(b|)');
    expectObservable(cold('-a-----b---|').pipe(latest(later))).toBe('----a-----b|');
  }));

  test('aborts the signal of the call it cancels, and of no other', marbles(({ cold, flush }) => {
    const log: string[] = [];
    const call = lambda((x: string, run) => {
      run.signal.addEventListener('abort', () => log.push(`aborted ${x}`));
      return timer(3).pipe(map(() => x));
    });
    cold('-a-b----|').pipe(latest(call)).subscribe((x) => log.push(x));
    flush();
    expect(log).toEqual(['aborted a', 'b']);
  }));

  test('passes an error of the source on, and cancels the run', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const call = cold('-----x|');
    expectObservable(cold('-a-#').pipe(latest(lambda(() => call)))).toBe('---#');
    expectSubscriptions(call.subscriptions).toBe('-^-!');
  }));

  test('passes an error of the run on, and leaves the source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-----b|');
    expectObservable(source.pipe(latest(lambda(() => cold('--#'))))).toBe('---#');
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('an error of a cancelled run is not heard', marbles(({ cold, expectObservable }) => {
    const calls = { a: cold('---#'), b: cold('-y|') };
    expectObservable(cold('-a-b---|').pipe(latest(lambda((x: string) => calls[x as 'a' | 'b'])))).toBe('----y--|');
  }));

  test('unsubscribed, cancels the source and the run', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a---|');
    const call = cold('-----x|');
    expectObservable(source.pipe(latest(lambda(() => call))), '---!').toBe('---');
    expectSubscriptions(source.subscriptions).toBe('^--!');
    expectSubscriptions(call.subscriptions).toBe('-^-!');
  }));

  test('completes at once with an empty source', marbles(({ cold, expectObservable }) => {
    expectObservable(cold<string>('---|').pipe(latest(later))).toBe('---|');
  }));

  test('may be fed by what it emits: the run that emits is the one superseded', () => {
    const numbers = new Subject<number>();
    const seen: number[] = [];
    const steps = latest(lambda((n: number) => from([n + 1, n + 100])));
    numbers.pipe(steps, filter((n) => n < 4)).subscribe((n) => (seen.push(n), numbers.next(n)));
    numbers.next(0);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('carries 100,000 synchronous values', () => {
    let many = 0;
    from(Array.from({ length: 100_000 }, (_, n) => n)).pipe(latest(lambda((n: number) => n))).subscribe(() => many++);
    expect(many).toBe(100_000);
  });

  test('tells who folds its chunks that those of a cancelled run are superseded', marbles(({ cold, expectObservable }) => {
    const saying = flow('saying', (source: Observable<string>) => source.pipe(lambda((x: string) => (x === 'a' ? cold('h--i|') : cold('y--o|')))), { fold: concatText });
    expectObservable(cold('a-b-----|').pipe(latest(saying), lambda((words: string) => words))).toBe('--------(x|)', { x: 'yo' });
  }));

  test('of a chat folds to the message of the newest run', marbles(({ cold, expectObservable }) => {
    const chunks = { a: messageChunk({ id: '1', text: 'old' }), b: messageChunk({ id: '2', text: 'ne' }), c: messageChunk({ id: '2', text: 'w' }) };
    const talk = flow('talk', (source: Observable<string>) => source.pipe(lambda((x: string) => (x === 'a' ? cold('a--a|', chunks) : cold('b--c|', chunks)))), { fold: messageFold });
    expectObservable(cold('a-b-----|').pipe(latest(talk), lambda((message) => message.content))).toBe('--------(x|)', { x: [{ type: 'text', text: 'new' }] });
  }));

  test('is named after its flow', () => expect(latest(later).name).toBe('latest(later)'));
});
