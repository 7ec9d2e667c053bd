import type { OperatorFunction } from 'rxjs';
import type { PatchOperation, RunEvent } from '../core/events/RunEvent.js';
import { tagFold, type Fold } from '../core/flow/fold.js';
import { patchFold } from '../core/json/patchFold.js';
import { Link, operate } from '../core/subscription.js';
import type { RunLog } from './log/RunLog.js';
import { RunLogger } from './log/RunLogger.js';

/** What changed in a `RunLog`, as a JSON Patch (RFC 6902). The first one puts the whole document, whatever was there. */
export type RunLogPatch = readonly PatchOperation[];

/**
 * Makes of a run's events JSON patches which, applied in order, are the run as it stands, for a UI in another process: every run within
 * it with what went in and came out, what models say while they say it, calls of tools, the states of graphs.
 *
 * ```text
 * s-a-b-e|   flow.events(input): run_start, two tokens, run_end
 * runLog()
 * p-q-r-t|   the whole log; 'a' added; 'b' added; status, outputs, endTime
 * ```
 *
 * Everything in a patch is JSON. The UI applies them by `applyPatch`, or by any library of RFC 6902, to nothing at first. Of what a run
 * `emit`s, its retries and questions the first 1,000 are told. A run whose beginning is filtered out of the events before isn't in the log. Late subscribers of
 * `start().events$` get a log that begins with what the snapshot tells. The patches fold to the `RunLog`.
 *
 * *Demand*: transparent; it keeps no log, but the runs that are open. *Timing*: synchronous. *Errors*: the source's, after the patch that tells of a failed run.
 *
 * @example
 * ```ts
 * import { applyPatch, chain, chat, scripted, text } from 'rivulet';
 * import { runLog, type RunLog } from 'rivulet/tracing';
 * import { map, scan } from 'rxjs';
 *
 * const ask = chain(chat(scripted([{ reply: 'Hello there' }])), text());
 * const wire$ = ask.events('Hi').pipe(runLog(), map((patch) => JSON.stringify(patch))); // by SSE, a WebSocket …
 *
 * const log$ = wire$.pipe(map((line) => JSON.parse(line)), scan(applyPatch<RunLog>, undefined)); // in the browser
 * log$.subscribe((log) => log?.runs[log.root]?.status); // 'running' … 'ok'
 * ```
 */
export function runLog(): OperatorFunction<RunEvent, RunLogPatch> {
  const logging = operate<RunEvent, RunLogPatch>((events, subscriber) => {
    const logger = new RunLogger();
    const link = new Link<RunEvent>(subscriber, {
      next: (event) => {
        const patch = logger.patchOf(event);
        if (patch.length > 0) subscriber.next(patch);
      },
    });
    return events.subscribe(link);
  });
  return (events) => tagFold(logging(events), patchFold as Fold<RunLogPatch, RunLog>);
}
