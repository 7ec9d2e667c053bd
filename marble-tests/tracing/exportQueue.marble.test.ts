import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { concat, defer, EMPTY, NEVER, Observable, throwError, timer } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import { platform } from '../../src/core/bridge/platform.js';
import { ExportQueue, type ExportQueueOptions } from '../../src/tracing/exporters/ExportQueue.js';
import { marbles } from '../marbles.js';

let warnings: string[];
const { warn, random } = platform;

beforeEach(() => {
  warnings = [];
  platform.warn = (message) => void warnings.push(message);
  platform.random = () => 0.5;
});

afterEach(() => {
  platform.warn = warn;
  platform.random = random;
});

const takes = (ms: number): Observable<unknown> => timer(ms);
const failing = (failure: object): Observable<never> => throwError(() => Object.assign(new Error('refused'), failure));

/** A queue of texts, and when what batch was sent, as `frame: items`. */
function queueOf(scheduler: TestScheduler, options: Partial<ExportQueueOptions<string>> & { readonly answer?: (call: number) => Observable<unknown> } = {}) {
  const { answer = () => takes(10), ...rest } = options;
  const sent: string[] = [];
  const send = (batch: readonly string[]): Observable<unknown> =>
    defer(() => {
      sent.push(`${scheduler.now()}: ${batch.join(' ')}`);
      return answer(sent.length);
    });
  const queue = new ExportQueue<string>({ name: 'test', send, sizeOf: (item) => item.length, scheduler, ...rest });
  return { queue, sent };
}

const at = (scheduler: TestScheduler, ms: number, work: () => void): void => void scheduler.schedule(work, ms);

describe('what is sent when', () => {
  test('a batch goes out when its first item has waited for the delay', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 100 });
    at(scheduler, 5, () => queue.push('a'));
    at(scheduler, 60, () => queue.push('b'));
    at(scheduler, 106, () => queue.push('c'));
    scheduler.flush();
    expect(sent).toEqual(['105: a b', '215: c']);
  }));

  test('or at once when there are enough items, but never within push', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 100, batchItems: 2 });
    at(scheduler, 5, () => {
      for (const item of ['a', 'b', 'c']) queue.push(item);
      expect(sent).toEqual([]);
    });
    scheduler.flush();
    expect(sent).toEqual(['5: a b', '115: c']);
  }));

  test('or enough bytes', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 100, batchBytes: 6 });
    at(scheduler, 5, () => queue.push('aaa'));
    at(scheduler, 6, () => queue.push('bbb'));
    at(scheduler, 6, () => queue.push('c'));
    scheduler.flush();
    expect(sent).toEqual(['6: aaa bbb', '116: c']);
  }));

  test('but no more than that, unless one takes more by itself', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 100, batchBytes: 6 });
    for (const item of ['aaaa', 'bbbbbbbb', 'cccc', 'dd', 'e']) queue.push(item);
    scheduler.flush();
    expect(sent).toEqual(['0: aaaa', '10: bbbbbbbb', '20: cccc dd', '130: e']);
  }));

  test('one batch is on its way at a time', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { batchItems: 1, answer: () => takes(50) });
    for (const item of ['a', 'b', 'c']) queue.push(item);
    scheduler.flush();
    expect(sent).toEqual(['0: a', '50: b', '100: c']);
  }));

  test('100,000 items of a send that answers at once don’t grow the stack', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { maxItems: 100_000, batchItems: 1, answer: () => EMPTY });
    for (let item = 0; item < 100_000; item++) queue.push('x');
    scheduler.flush();
    expect([sent.length, queue.size, queue.bytes]).toEqual([100_000, 0, 0]);
  }));
});

describe('a batch that fails', () => {
  test('is sent again, further and further apart', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 0, retry: { initialMs: 100, jitter: 'none' }, answer: (call) => (call < 4 ? failing({}) : takes(1)) });
    queue.push('a');
    scheduler.flush();
    expect(sent).toEqual(['0: a', '100: a', '300: a', '700: a']);
    expect([queue.dropped, queue.size]).toEqual([0, 0]);
  }));

  test('with jitter: half of the delay, if that is what chance says', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 0, answer: (call) => (call < 3 ? failing({ status: 503 }) : takes(1)) });
    queue.push('a');
    scheduler.flush();
    expect(sent).toEqual(['0: a', '250: a', '750: a']);
  }));

  test('waits for as long as the server asks for', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 0, answer: (call) => (call < 2 ? failing({ status: 429, retryAfterMs: 7_000 }) : takes(1)) });
    queue.push('a');
    scheduler.flush();
    expect(sent).toEqual(['0: a', '7000: a']);
  }));

  test('has failed when there is no answer in time: the request is cancelled', marbles((_, scheduler) => {
    let cancelled = 0;
    const silent = new Observable<never>(() => () => cancelled++);
    const { queue, sent } = queueOf(scheduler, { delayMs: 0, timeoutMs: 1_000, retry: { jitter: 'none' }, answer: (call) => (call === 1 ? silent : takes(1)) });
    queue.push('a');
    scheduler.flush();
    expect(sent).toEqual(['0: a', '1500: a']);
    expect(cancelled).toBe(1);
  }));

  test('is dropped, counted and reported when the server refuses it for good', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 0, answer: () => failing({ status: 403 }) });
    queue.push('a');
    queue.push('b');
    scheduler.flush();
    expect(sent).toEqual(['0: a b']);
    expect([queue.dropped, queue.size, queue.bytes]).toEqual([2, 0, 0]);
    expect(warnings).toEqual(['test dropped 2 runs: they could not be sent (refused)']);
  }));

  test('is given up after a while, and then the next has its turn', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 0, batchItems: 1, giveUpMs: 1_000, retry: { initialMs: 400, jitter: 'none' }, answer: (call) => (call < 3 ? failing({}) : takes(1)) });
    queue.push('a');
    queue.push('b');
    scheduler.flush();
    expect(sent).toEqual(['0: a', '400: a', '400: b']);
    expect(queue.dropped).toBe(1);
  }));

  test('is given up after so many attempts', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { delayMs: 0, retry: { maxAttempts: 2, initialMs: 100, jitter: 'none' }, answer: () => failing({}) });
    queue.push('a');
    scheduler.flush();
    expect(sent).toEqual(['0: a', '100: a']);
  }));
});

describe('a batch that is given up and has somewhere else to go', () => {
  const refused = { answer: () => failing({ status: 422 }), batchItems: 1 };

  test('isn’t dropped, and the rest of its run follows', marbles((_, scheduler) => {
    const kept: string[] = [];
    const fallback = (batch: readonly string[]): Observable<unknown> => defer(() => (kept.push(`${scheduler.now()}: ${batch.join()}`), takes(5)));
    const { queue, sent } = queueOf(scheduler, { ...refused, fallback });
    const first = queue.push('a');
    at(scheduler, 3, () => queue.amend(first, () => 'whole', () => 'rest'));
    scheduler.flush();
    expect([sent, kept, queue.dropped, queue.size]).toEqual([['0: a', '5: rest'], ['0: a', '5: rest'], 0, 0]);
  }));

  test('is dropped if it can’t go there either, or not in time', marbles((_, scheduler) => {
    const fallbacks = [failing({}), NEVER];
    const { queue } = queueOf(scheduler, { ...refused, timeoutMs: 30, reportMs: 0, fallback: () => fallbacks.shift() ?? EMPTY });
    for (const item of ['a', 'b', 'c']) queue.push(item);
    scheduler.flush();
    expect([queue.dropped, scheduler.now()]).toEqual([2, 30]);
    expect(warnings).toEqual([expect.stringContaining('(refused; refused)'), expect.stringContaining('(refused; Timeout has occurred)')]);
  }));
});

describe('a full queue', () => {
  test('drops new runs, counts them, and warns at most once in an interval', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { maxItems: 2, delayMs: 100, reportMs: 1_000 });
    for (const item of ['a', 'b', 'c', 'd']) queue.push(item);
    expect(warnings).toEqual(['test dropped 1 run: its queue is full (at most 2 runs and 67108864 bytes)']);
    at(scheduler, 999, () => expect(warnings).toHaveLength(1));
    scheduler.flush();
    expect(sent).toEqual(['100: a b']);
    expect(queue.dropped).toBe(2);
    expect(warnings).toHaveLength(2);
  }));

  test('is one by bytes, too, and what is on its way counts', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { maxBytes: 6, delayMs: 100, answer: () => takes(50) });
    queue.push('aaaa');
    at(scheduler, 120, () => queue.push('bbbb'));
    at(scheduler, 160, () => queue.push('cccc'));
    scheduler.flush();
    expect(sent).toEqual(['100: aaaa', '260: cccc']);
    expect(queue.dropped).toBe(1);
  }));

  test('of a dropped run drops the end as well, and counts it once', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { maxItems: 1 });
    queue.push('a');
    const dropped = queue.push('b');
    queue.amend(dropped, () => 'b whole', () => 'b end');
    scheduler.flush();
    expect(sent).toEqual(['250: a']);
    expect(queue.dropped).toBe(1);
  }));

  test('makes room for the end of a run whose beginning was sent', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { maxItems: 2 });
    const begun = queue.push('a');
    at(scheduler, 300, () => {
      for (const item of ['b', 'c']) queue.push(item);
      queue.amend(begun, () => 'a whole', () => 'a end');
    });
    scheduler.flush();
    expect(sent).toEqual(['250: a', '550: a end b']);
    expect(queue.dropped).toBe(1);
  }));
});

describe('a run’s beginning and end', () => {
  test('are one item while the beginning waits', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler);
    const begun = queue.push('a begun');
    at(scheduler, 100, () => queue.amend(begun, () => 'a whole', () => 'a end'));
    scheduler.flush();
    expect(sent).toEqual(['250: a whole']);
    expect([queue.size, queue.bytes]).toEqual([0, 0]);
  }));

  test('are two once it is on its way, and the end never overtakes it', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { retry: { initialMs: 500, jitter: 'none' }, answer: (call) => (call === 1 ? concat(takes(20), failing({})) : takes(10)) });
    const begun = queue.push('a');
    at(scheduler, 260, () => queue.amend(begun, () => 'a whole', () => 'a end'));
    scheduler.flush();
    expect(sent).toEqual(['250: a', '770: a', '1030: a end']);
  }));

  test('share their fate: the end of what could not be sent isn’t sent either', marbles((_, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { answer: (call) => (call === 1 ? concat(takes(100), failing({ status: 400 })) : takes(10)) });
    const begun = queue.push('a');
    at(scheduler, 260, () => {
      queue.amend(begun, () => 'a whole', () => 'a end');
      queue.push('b');
    });
    scheduler.flush();
    expect(sent).toEqual(['250: a', '600: b']);
    expect([queue.dropped, queue.size, queue.bytes]).toEqual([1, 0, 0]);
  }));
});

describe('flush', () => {
  test('sends what waits at once, and completes when it has arrived', marbles(({ expectObservable }, scheduler) => {
    const { queue, sent } = queueOf(scheduler, { batchItems: 2, answer: () => takes(10) });
    for (const item of ['a', 'b', 'c']) queue.push(item);
    expectObservable(queue.flush()).toBe('20ms |');
    scheduler.flush();
    expect(sent).toEqual(['0: a b', '10: c']);
  }));

  test('does not wait for what is pushed after it', marbles(({ expectObservable }, scheduler) => {
    const { queue } = queueOf(scheduler, { answer: () => takes(10) });
    queue.push('a');
    at(scheduler, 5, () => queue.push('b'));
    expectObservable(queue.flush()).toBe('10ms |');
    scheduler.flush();
    expect(queue.size).toBe(0);
  }));

  test('completes at once when there is nothing', marbles(({ expectObservable }, scheduler) => {
    expectObservable(queueOf(scheduler).queue.flush()).toBe('|');
  }));

  test('completes as well when all is given up', marbles(({ expectObservable }, scheduler) => {
    const { queue } = queueOf(scheduler, { giveUpMs: 100, retry: { initialMs: 60, jitter: 'none' }, answer: () => failing({}) });
    queue.push('a');
    expectObservable(queue.flush()).toBe('60ms |');
    scheduler.flush();
    expect(queue.dropped).toBe(1);
  }));

  test('an idle queue has no timer, whatever it went through', marbles((_, scheduler) => {
    const { queue } = queueOf(scheduler, { maxItems: 2, answer: (call) => (call === 1 ? failing({}) : takes(10)) });
    for (const item of ['a', 'b', 'c']) queue.push(item);
    const looks = jest.fn();
    queue.flush().subscribe({
      complete: () =>
        scheduler.schedule(() => {
          expect(scheduler.actions).toHaveLength(0);
          looks();
        }, 1),
    });
    scheduler.flush();
    expect(looks).toHaveBeenCalledTimes(1);
  }));
});

test('limits that make no sense are refused', () => {
  const bad = (options: object) => () => new ExportQueue({ name: 'x', send: () => NEVER, sizeOf: () => 1, ...options });
  for (const options of [{ maxItems: 0 }, { maxBytes: -1 }, { batchItems: 0.5 }, { batchBytes: 0 }, { delayMs: -1 }, { giveUpMs: NaN }, { timeoutMs: -1 }, { reportMs: -1 }]) {
    expect(bad(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  }
});
