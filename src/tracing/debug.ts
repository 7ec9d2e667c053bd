import { platform } from '../core/bridge/platform.js';
import { requireCount } from '../core/errors/optionChecks.js';
import { eventLine } from './eventLine.js';
import { eventTap, type EventTap } from './eventTap.js';

export interface DebugOptions {
  /** Where lines go. Default: the console. */
  readonly print?: (line: string) => void;
  /** Longer lines are cut. Default 160. */
  readonly width?: number;
}

/**
 * Prints what happens in the runs upstream, an event a line: when, in which run, what.
 *
 * ```text
 * -a-b-|
 * debug()
 * -a-b-|   and lines on the console
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: the source's.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { chat, scripted } from 'rivulet';
 * import { debug } from 'rivulet/tracing';
 *
 * const lines: string[] = [];
 * await chat(scripted([{ reply: 'Hello!' }])).invoke('Hi', { events: debug({ print: (line) => lines.push(line) }) });
 * lines.length; // 3: the run began, said a token, ended
 * ```
 */
export function debug<T>({ print = (line) => platform.print(line), width = 160 }: DebugOptions = {}): EventTap<T> {
  requireCount('width', width, { min: 20 });
  let began: number | undefined;
  return eventTap({
    next: (event) => {
      began ??= event.at;
      const line = eventLine(event, event.at - began);
      print(line.length > width ? `${line.slice(0, width - 1)}…` : line);
    },
  });
}
