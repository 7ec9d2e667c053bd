import { deepEqual } from './deepEqual.js';
import { ExpectationError } from './ExpectationError.js';
import { show } from './show.js';

/** Compares as a test does: throws when the two differ. Any assertion library's deep equality is one. */
export type AssertEqual = (actual: unknown, expected: unknown) => void;

/** The kit's own comparison: an error that shows both, event by event. */
export function assertEqual(actual: unknown, expected: unknown): void {
  if (deepEqual(actual, expected)) return;
  throw new ExpectationError(`what happened isn't what was expected (- expected, + happened):\n${difference(actual, expected).join('\n')}`, actual, expected);
}

function difference(actual: unknown, expected: unknown): readonly string[] {
  if (!Array.isArray(actual) || !Array.isArray(expected)) return [`- ${line(expected)}`, `+ ${line(actual)}`];
  const lines: string[] = [];
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    if (i < actual.length && i < expected.length && deepEqual(actual[i], expected[i])) {
      lines.push(`  ${line(actual[i])}`);
      continue;
    }
    if (i < expected.length) lines.push(`- ${line(expected[i])}`);
    if (i < actual.length) lines.push(`+ ${line(actual[i])}`);
  }
  return lines;
}

interface Event {
  readonly frame: number;
  readonly notification: { readonly kind: 'N' | 'E' | 'C'; readonly value?: unknown; readonly error?: unknown };
}

function line(item: unknown): string {
  if (typeof item !== 'object' || item === null) return show(item);
  if ('subscribedFrame' in item && 'unsubscribedFrame' in item) {
    return `subscribed at ${String(item.subscribedFrame)} ms, ${item.unsubscribedFrame === Infinity ? 'never left' : `left at ${String(item.unsubscribedFrame)} ms`}`;
  }
  if (!('notification' in item)) return show(item);
  const { frame, notification } = item as Event;
  if (notification.kind === 'N') return `${frame} ms  value ${show(notification.value)}`;
  return notification.kind === 'E' ? `${frame} ms  error ${show(notification.error)}` : `${frame} ms  complete`;
}
