import { describe, expect, test } from '@jest/globals';
import { count, map, of, switchMap, timer, type Observable } from 'rxjs';
import { pull } from '../../src/core/demand/pull.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { each } from '../../src/core/flow/each.js';
import { flow } from '../../src/core/flow/flow.js';
import { chat } from '../../src/operators/models/chat.js';
import { scripted } from '../../src/operators/models/scripted/scripted.js';
import type { ScriptRule } from '../../src/operators/models/scripted/scriptRule.js';
import { marbles } from '../../src/testing/marbles.js';

const letters = (rules: readonly ScriptRule[], paceMs?: number) => chat(scripted(rules, { ...(paceMs !== undefined && { paceMs }) })).pipe(map(({ text }) => text?.trim() ?? 'z'));

describe('scripted', () => {
  test('answers in the frame in which it was asked', marbles(({ expectRun }) => {
    expectRun(letters([{ reply: 'a b c' }]), 'hi').toBe('(abcz|)');
  }));

  test('gives a piece each paceMs, and the account with the last', marbles(({ expectRun }) => {
    expectRun(letters([{ reply: 'a b c' }], 2), 'hi').toBe('--a-b-(cz|)');
  }));

  test('fails one pace after what it had to say', marbles(({ expectRun }) => {
    const rules: readonly ScriptRule[] = [{ reply: 'a b', error: { code: 'MODEL_OVERLOADED' } }];
    expectRun(letters(rules), 'hi').toBe('(ab#)', {}, 'MODEL_OVERLOADED');
    expectRun(letters(rules, 2), 'hi').toBe('--a-b-#', {}, 'MODEL_OVERLOADED');
  }));

  test('a template that throws is an error of the stream', marbles(({ expectRun }) => {
    const oops = new Error('oops');
    const rules: readonly ScriptRule[] = [{ reply: () => { throw oops; } }];
    expectRun(letters(rules), 'hi').toBe('#', {}, oops);
    expectRun(letters(rules, 2), 'hi').toBe('--#', {}, oops);
  }));

  test('stops when it is left', marbles(({ expectRun, expectNothingLeft }) => {
    expectRun(letters([{ reply: 'a b c' }], 2), 'hi').until('---!').toBe('--a-');
    expectNothingLeft();
  }));

  test('a rule that throws is an error of the stream', marbles(({ expectRun }) => {
    const oops = new Error('oops');
    expectRun(letters([{ when: () => { throw oops; }, reply: '' }]), 'hi').toBe('#', {}, oops);
  }));

  test('waits while downstream is full, and keeps its pace afterwards', marbles(({ expectRun, flush }) => {
    let gate: Gate | undefined;
    const slowly = <T>() => mapAsync((value: T) => timer(5).pipe(map(() => value)), { probe: (probed) => (gate = probed) });
    //                                       asked when the one before is through: at 5, 10 …
    expectRun(letters([{ reply: 'a b c' }]).pipe(slowly()), 'hi').toBe('-----a----b----c----(z|)');
    //                                       a at 2, through at 7; b, due at 4, at 7; c, two after that, at 12
    expectRun(letters([{ reply: 'a b c' }], 2).pipe(slowly()), 'hi').toBe('-------a----b----c----(z|)');
    flush();
    expect(gate?.peak).toBe(1);
  }));

  test('may be asked many times at once: each answer has its own id', marbles(({ expectRun }) => {
    const asks = each(chat(scripted([{ reply: 'a' }], { paceMs: 1 })), { concurrency: 2, ordered: false });
    const both = flow('both', (source: Observable<string>) => asks(source.pipe(switchMap(() => pull(['x', 'y'])))));
    expectRun(both.pipe(map(({ id }) => id)), '').toBe('-(aabb|)', { a: 'id-1', b: 'id-2' });
  }));

  test('streams a hundred thousand pieces in one go', marbles(({ expectRun }) => {
    expectRun(letters([{ reply: 'a '.repeat(100_000) }]).pipe(count()), 'hi').toBe('(n|)', { n: 100_001 });
  }));

  test('may be asked from within its own answer', marbles(({ expectRun }) => {
    const model = scripted([{ when: 'again', reply: 'b' }, { reply: 'a' }]);
    const nested = chat(model).pipe(mapAsync((chunk) => (chunk.text === 'a' ? chat(model).run('again') : of(chunk))));
    expectRun(nested.pipe(map(({ text }) => text ?? 'z')), 'hi').toBe('(bzz|)');
  }));
});
