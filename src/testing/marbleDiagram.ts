import { TestScheduler } from 'rxjs/testing';
import { RivuletError } from '../core/errors/RivuletError.js';
import type { TimelineStep } from '../operators/models/scripted/timeline.js';

/** Marbles as `TestScheduler.run` reads them, one frame a millisecond, also outside of it. */
class RunMarbles extends TestScheduler {
  static override frameTimeFactor = 1;
}

/** Something that happens in a diagram. */
export type MarbleEvent<T> = ReturnType<typeof TestScheduler.parseMarbles>[number] & { readonly notification: TimelineStep<T>['notification'] };

/**
 * Reads a marble diagram. A letter that `values` doesn't name stands for itself.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function marbleEvents<T>(marbles: string, values: Readonly<Record<string, T>> = {}, error?: unknown): readonly MarbleEvent<T | string>[] {
  const events = reading(marbles, () => RunMarbles.parseMarbles(marbles, undefined, error, false, true)) as readonly MarbleEvent<string>[];
  return events.map((event) =>
    event.notification.kind === 'N' && Object.hasOwn(values, event.notification.value)
      ? { ...event, notification: { ...event.notification, value: values[event.notification.value] as T } }
      : event,
  );
}

/** The steps of a timeline that begins when it is subscribed to. */
function marbleSteps<T>(marbles: string, values?: Readonly<Record<string, T>>, error?: unknown): readonly TimelineStep<T | string>[] {
  if (marbles.includes('^')) throw unreadable(marbles, "a timeline begins when it is subscribed to: leave out the '^'");
  let frame = 0;
  return marbleEvents(marbles, values, error).map((event) => {
    const afterMs = event.frame - frame;
    frame = event.frame;
    return { afterMs, notification: event.notification };
  });
}

/** The answers of a model or tool in turn, at least one. */
export function answersOf<T>(timelines: string | readonly string[], values: Readonly<Record<string, T>>, error: unknown): readonly (readonly TimelineStep<T | string>[])[] {
  const diagrams = typeof timelines === 'string' ? [timelines] : timelines;
  if (diagrams.length === 0) throw new RivuletError('INVALID_OPTION', "there is no timeline. Give at least one diagram, such as '--a|'");
  return diagrams.map((diagram) => marbleSteps(diagram, values, error));
}

/** The frames of a subscription diagram, as in `--^---!`; without `^`, from the start. */
export function marbleFrames(marbles: string): { readonly subscribedFrame: number; readonly unsubscribedFrame: number } {
  const { subscribedFrame, unsubscribedFrame } = reading(marbles, () => RunMarbles.parseMarblesAsSubscriptions(marbles, true));
  return { subscribedFrame: subscribedFrame === Infinity ? 0 : subscribedFrame, unsubscribedFrame };
}

function reading<T>(marbles: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(marbles, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unreadable(marbles: string, why: string, cause?: unknown): RivuletError {
  return new RivuletError('INVALID_OPTION', `the marble diagram '${marbles}' can't be read: ${why}`, { cause });
}
