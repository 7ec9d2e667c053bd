import type { Observable, OperatorFunction } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { isPromiseLike } from '../core/bridge/result.js';
import type { RunConfig } from '../core/context/RunConfig.js';
import { requireCount } from '../core/errors/optionChecks.js';
import { RivuletError } from '../core/errors/RivuletError.js';
import type { Flow } from '../core/flow/flow.js';
import { assertEqual as assertOwnEqual, type AssertEqual } from './assertEqual.js';
import { expectCancelled, type Callee, type CancelledExpectation } from './expectCancelled.js';
import { expectContext } from './expectContext.js';
import { expectDemand, type DemandProbe } from './expectDemand.js';
import { expectNothingLeft, type Logged } from './expectNothingLeft.js';
import { MarbleTest } from './MarbleTest.js';
import { model } from './model.js';
import { RunExpectation } from './RunExpectation.js';
import { seededIds } from './seededIds.js';
import { seededRandom } from './seededRandom.js';
import { tool } from './tool.js';

/** What a marble test works with: `TestScheduler.run`'s helpers, and those for flows, models and tools. */
export interface MarbleKit extends RunHelpers {
  /** Virtual time, ids that count and seeded random: what `expectRun` runs with, and for runs of your own. */
  readonly config: Required<Pick<RunConfig, 'scheduler' | 'ids' | 'random'>>;
  readonly model: typeof model;
  readonly tool: typeof tool;
  /** Runs a flow when the test's time begins, and compares what happens. */
  expectRun<I, O, R>(flow: Flow<I, O, R>, input: I, config?: RunConfig): RunExpectation<O, R>;
  /** Compares the calls of a model or tool that were cancelled, to the frame. */
  expectCancelled(callee: Callee): CancelledExpectation;
  /** Expects at most `peak` values in flight between the probe's two operators. */
  expectDemand(peak: number): DemandProbe;
  /**
   * Expects that nothing goes on after the last run: no timer, no call of the kit's models and tools, no subscription of
   * its Observables.
   *
   * @param callees models and tools that weren't made by this kit
   */
  expectNothingLeft(...callees: readonly Callee[]): void;
  /** As `expectContext`, for an operator that may subscribe to its source later. */
  expectContext(operator: OperatorFunction<never, unknown>): void;
}

export interface MarbleOptions {
  /** Your assertion library's deep equality. Default: the kit's own. */
  readonly assertEqual?: AssertEqual;
  /** Of `config.random`. Default 1. */
  readonly seed?: number;
  /** How many timers may go off before the test counts as endless. Default 250,000. */
  readonly maxTimers?: number;
}

/**
 * A test in virtual time, for any test runner: `test('name', marbles((kit) => …))`. Everything in it that takes time takes
 * none, a frame is a millisecond, and expectations are checked when all time has passed.
 *
 * *Timing*: virtual, and synchronous. Promises don't move in it. *Errors*: thrown by the test that it returns.
 *
 * @example
 * ```ts
 * import { chat } from 'rivulet';
 * import { marbles, text } from 'rivulet/testing';
 *
 * const streams = marbles(({ model, expectRun, expectCancelled, expectNothingLeft }) => {
 *   const slow = model('--a---b|', { a: text('Hel'), b: text('lo') });
 *   expectRun(chat(slow), 'Hi').until('----!').toBe('--a--', { a: { id: 'id-1', text: 'Hel' } });
 *   expectCancelled(slow).toBe('^---!');
 *   expectNothingLeft();
 * });
 * streams(); // a test runner calls it: test('streams', streams)
 * ```
 */
export function marbles(test: (kit: MarbleKit) => void, { assertEqual = assertOwnEqual, seed = 1, maxTimers = 250_000 }: MarbleOptions = {}): () => void {
  requireCount('maxTimers', maxTimers);
  return function marbleTest() {
    const current = new MarbleTest(assertEqual, maxTimers);
    current.clock.run((helpers) => {
      const returned: unknown = test(kitOf(current, helpers, seed));
      if (isPromiseLike(returned)) {
        returned.then(undefined, () => undefined); // it can't end in time to be heard
        throw new RivuletError('INVALID_OPTION', "a marble test returned a promise, but promises don't move in virtual time. Return Observables from callbacks, or test with virtualClock()");
      }
      current.flush();
    });
  };
}

function kitOf(current: MarbleTest, helpers: RunHelpers, seed: number): MarbleKit {
  const { clock } = current;
  const config = { scheduler: clock, ids: seededIds(), random: seededRandom(seed) };
  const callees: Callee[] = [];
  const sources: Logged[] = [];
  const kept = <T extends A, A>(list: A[], item: T): T => {
    list.push(item);
    return item;
  };
  return {
    ...helpers,
    config,
    cold: (...args) => kept(sources, helpers.cold(...args)),
    hot: (...args) => kept(sources, helpers.hot(...args)),
    animate: (diagram) => clock.own(() => helpers.animate(diagram)),
    expectObservable: <T>(observable: Observable<T>, subscription?: string | null) => clock.own(() => helpers.expectObservable(current.watching(observable), subscription)),
    flush: () => current.flush(),
    model: (...args) => kept(callees, model(...args)),
    tool: (...args) => kept(callees, tool(...args)),
    expectRun: (flow, input, more) => new RunExpectation(current, flow as never, input, { ...config, ...more }),
    expectCancelled: (callee) => expectCancelled(current, callee),
    expectDemand: (peak) => expectDemand(current, peak),
    expectNothingLeft: (...more) => expectNothingLeft(current, callees.concat(more), sources),
    expectContext: (operator) => expectContext(operator, (check) => current.verify(check)),
  };
}
