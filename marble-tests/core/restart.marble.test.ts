import { describe, expect, test } from '@jest/globals';
import { map, type Observable, of, tap } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { concatText, list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { Link, operate, restartOf } from '../../src/core/subscription.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';

/** Starts over at each `r`: what came before it is superseded. */
const restarting = operate<string, string>((source, subscriber) => {
  const restart = restartOf(subscriber);
  return source.subscribe(new Link<string>(subscriber, { next: (value) => (value === 'r' ? restart() : subscriber.next(value)) }));
});
const text = (name: string): Flow<string, string> => flow(name, map((x: string) => x), { fold: concatText });
const said = flow('said', (source: Observable<string>) => source.pipe(lambda((line: string) => of(...line)), restarting), { fold: concatText });

describe('a restart', () => {
  test('resets every result that a run folds to', async () => {
    expect(await said.invoke('abrcd')).toBe('cd');
    expect(await said.batch(['abrcd', 'rx', 'abr'])).toEqual(['cd', 'x', '']);
    expect(await said.start('abrcd').result).toBe('cd');
    expect(await flow('list', said, { fold: list<string>() }).invoke('abrcd')).toEqual(['c', 'd']);
  });

  test('resets the input of a step that needs it whole', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('arbc|').pipe(flow('said', restarting, { fold: concatText }), lambda((line: string) => `<${line}>`))).toBe('----(x|)', { x: '<bc>' });
  }));

  test('resets the result so far of a started run', marbles(({ cold, expectObservable }) => {
    const words = flow('words', (source: Observable<string>) => source.pipe(lambda(() => cold('-a-r-b|')), restarting), { fold: concatText });
    expectObservable(words.start('').state$).toBe('oa---b|', { o: '', a: 'a', b: 'b' });
  }));

  test('resets the output that a span tells', () => {
    const sink = recorder();
    chain(flow('inner', said, { fold: concatText, kind: 'llm' })).run('abrcd', { events: sink }).subscribe();
    expect(sink.events.filter(({ type }) => type === 'span_end' || type === 'run_end')).toMatchObject([{ output: 'cd' }, { output: 'cd' }]);
  });

  test('is found through plain operators, flows, spans and chains', () => {
    const seen: string[] = [];
    const sink = new Link<string>(undefined, { next: (x) => seen.push(x), restart: () => seen.push('restart') });
    const steps = chain(flow('said', restarting), map((x) => x), text('a'), flow('span', map((x: string) => x), { kind: 'parser' }), tap(() => undefined));
    of('a', 'r', 'b').pipe(steps).subscribe(sink);
    expect(seen).toEqual(['a', 'restart', 'b']);
  });

  test('with nobody who keeps state over chunks, does nothing', () => {
    const seen: string[] = [];
    of('a', 'r', 'b').pipe(restarting).subscribe((x) => seen.push(x));
    expect(seen).toEqual(['a', 'b']);
  });
});
