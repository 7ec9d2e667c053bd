import type { CallFrames } from './CallLog.js';
import type { Callee } from './expectCancelled.js';
import { ExpectationError } from './ExpectationError.js';
import type { MarbleTest } from './MarbleTest.js';

/** A cold or hot Observable of the test. */
export interface Logged {
  readonly subscriptions: readonly CallFrames[];
}

/**
 * Expects that when the last of the test's runs has ended, nothing of it goes on: no call of a model or tool, no
 * subscription of an Observable, no timer; and that every run does end.
 */
export function expectNothingLeft(test: MarbleTest, callees: readonly Callee[], sources: readonly Logged[]): void {
  let left: readonly string[] | undefined;
  const look = (): void => {
    left = [...callees.flatMap(liveCalls), ...liveSources(sources), ...pendingTimers(test)];
  };
  test.whenAllEnded(look);
  test.verify(() => {
    if (test.running > 0) throw new ExpectationError(`${test.running} of the test's runs never ended. Complete it, or leave it with until('---!')`);
    if (!left) look(); // there was no run to wait for
    if (left && left.length > 0) throw new ExpectationError(`after the last run had ended there still was: ${left.join(', ')}. Tear it down when the subscription ends`, left, []);
  });
}

function liveCalls({ log }: Callee): readonly string[] {
  return log.live > 0 ? [`${log.live} call${log.live > 1 ? 's' : ''} of ${log.name}`] : [];
}

function liveSources(sources: readonly Logged[]): readonly string[] {
  const live = sources.flatMap(({ subscriptions }) => subscriptions).filter(({ unsubscribedFrame }) => unsubscribedFrame === Infinity);
  return live.map(({ subscribedFrame }) => `a subscription of an Observable since ${subscribedFrame} ms`);
}

function pendingTimers({ clock }: MarbleTest): readonly string[] {
  return clock.pendingTimers.map((due) => `a timer due at ${due} ms`);
}
