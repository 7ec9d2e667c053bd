import { describe, expect, test } from '@jest/globals';
import { map, of, Subject, switchMap, take, throwError, timer } from 'rxjs';
import { pull } from '../../src/core/demand/pull.js';
import { RivuletError } from '../../src/core/errors/RivuletError.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText, list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { latest } from '../../src/core/flow/latest.js';
import { chat } from '../../src/operators/models/chat.js';
import { toolCall } from '../../src/testing/chunkValue.js';
import { marbles } from '../../src/testing/marbles.js';
import { model } from '../../src/testing/model.js';
import { failureOf } from './failureOf.js';

const slow = lambda((text: string) => timer(3).pipe(map(() => text.toUpperCase())));
const failing = lambda(() => throwError(() => new RivuletError('NO_ROUTE', 'nowhere')));

describe('expectRun', () => {
  test('compares the chunks of a run and their times', marbles(({ expectRun }) => {
    expectRun(slow, 'a').toBe('---(A|)');
    expectRun(flow('count', () => timer(1, 2).pipe(map((n) => n * 2))), '').until('----!').toBe('-a-b-', { a: 0, b: 2 });
  }));

  test('fails when a value, a time or the end is another', () => {
    for (const [marble, values] of [['---(a|)', { a: 'B' }], ['--(a|)', { a: 'A' }], ['---a-|', { a: 'A' }], ['---a', { a: 'A' }], ['---(aa|)', { a: 'A' }], ['-', {}]] as const) {
      expect(failureOf(marbles(({ expectRun }) => void expectRun(slow, 'a').toBe(marble, values)))).toContain("isn't what was expected");
    }
  });

  test('compares an error by itself, or by its code', marbles(({ expectRun }) => {
    expectRun(failing, '').toBe('#', {}, new RivuletError('NO_ROUTE', 'nowhere'));
    expectRun(failing, '').toBe('#', {}, 'NO_ROUTE');
    expectRun(lambda(() => throwError(() => 'plain')), '').toBe('#', {}, 'plain');
  }));

  test('fails when the error is another', () => {
    expect(failureOf(marbles(({ expectRun }) => void expectRun(failing, '').toBe('#', {}, 'TIMEOUT')))).toContain('- 0 ms  error "TIMEOUT"\n+ 0 ms  error "NO_ROUTE"');
    expect(failureOf(marbles(({ expectRun }) => void expectRun(failing, '').toBe('#', {}, new RivuletError('NO_ROUTE', 'elsewhere'))))).toContain('elsewhere');
    expect(failureOf(marbles(({ expectRun }) => void expectRun(failing, '').toBe('|')))).toContain('- 0 ms  complete');
  });

  test('compares what the chunks fold to, of one and the same run', marbles(({ expectRun }) => {
    const hello = model('-a-(b|)', { a: 'Hel', b: 'lo' });
    expectRun(chat(hello), 'Hi')
      .toBe('-a-(b|)', { a: { id: 'id-1', text: 'Hel' }, b: { id: 'id-1', text: 'lo' } })
      .toFoldTo({ role: 'assistant', id: 'id-1', content: [{ type: 'text', text: 'Hello' }], toolCalls: [] });
    expectRun(flow('letters', () => pull('abc'), { fold: list<string>() }), '').toFoldTo(['a', 'b', 'c']);
  }));

  test('fails when the result is another, or there is none', () => {
    const result = (of: Parameters<typeof expect>[0], until?: string) => failureOf(marbles(({ expectRun }) => {
      const expectation = expectRun(of as typeof slow, 'a');
      if (until) expectation.until(until);
      expectation.toFoldTo('B');
    }));
    expect(result(slow)).toContain('- "B"\n+ "A"');
    expect(result(failing)).toContain('the run has no result: it failed with RivuletError: NO_ROUTE');
    expect(result(slow, '-!')).toContain('the run has no result: it did not complete');
    expect(result(flow('two', () => of('A', 'B')))).toContain('AMBIGUOUS_RESULT');
  });

  test('leaves out of the result what was superseded', marbles(({ expectRun, cold }) => {
    const tell = latest(flow('tell', switchMap((letter: string) => timer(0, 3).pipe(take(2), map((n) => `${letter}${n}`))), { fold: concatText }));
    expectRun(flow('typed', () => tell(cold('a-b|')), { fold: tell.fold }), '').toBe('x-y--(z|)', { x: 'a0', y: 'b0', z: 'b1' }).toFoldTo('b0b1');
  }));

  test('runs with the config of the test, and one’s own', marbles(({ expectRun }) => {
    const look = lambda((_: string, run) => [run.scheduler.now(), run.runId, ...run.tags]);
    expectRun(look, '', { tags: ['mine'] }).toFoldTo([0, 'id-1', 'mine']);
    expectRun(look, '', { runId: 'own' }).toFoldTo([0, 'own']);
  }));

  test('runs a flow once, however much is expected of it', marbles(({ expectRun, model: modelOf, flush }) => {
    const once = modelOf('a|');
    expectRun(chat(once), 'Hi').toBe('a|', { a: { id: 'id-1', text: 'a' } }).toBe('a|', { a: { id: 'id-1', text: 'a' } });
    flush();
    expect(once.calls).toBe(1);
  }));

  test('begins with the time of the test, so that what is set up later is seen', marbles(({ expectRun }) => {
    const ready = new Subject<string>();
    expectRun(lambda(() => ready), '').toBe('--a', { a: 'x' });
    timer(2).subscribe(() => ready.next('x'));
  }));

  test('refuses a diagram that can’t be read', () => {
    expect(failureOf(marbles(({ expectRun }) => void expectRun(slow, 'a').until('--x')))).toContain("the marble diagram '--x' can't be read");
    expect(failureOf(marbles(({ expectRun }) => void expectRun(slow, 'a').toBe('--!')))).toContain("the marble diagram '--!' can't be read");
  });

  test('tool calls have the fields of chunks', marbles(({ expectRun }) => {
    expectRun(chat(model('(ab|)', { a: toolCall('add', { n: 1 }), b: toolCall('sub', '{"n":', 'own') })), 'x').toFoldTo({
      role: 'assistant',
      id: 'id-1',
      content: [{ type: 'tool_call', id: 'call-1', name: 'add', args: { n: 1 }, raw: '{"n":1}' }, { type: 'tool_call', id: 'own', name: 'sub', args: undefined, raw: '{"n":' }],
      toolCalls: [{ type: 'tool_call', id: 'call-1', name: 'add', args: { n: 1 }, raw: '{"n":1}' }, { type: 'tool_call', id: 'own', name: 'sub', args: undefined, raw: '{"n":' }],
    });
  }));
});
