import { readFileSync } from 'node:fs';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { ChatModel } from '../../operators/models/ChatModel.js';
import { parseCassette } from '../cassette/Cassette.js';
import { replaying, type ReplayOptions } from '../cassette/replaying.js';

/**
 * A model that answers from a file that `record` made, in the same time, and without a key. What is asked must be what was
 * recorded; ids, usage and metadata of messages don't count. In Node only.
 *
 * *Demand*: a source, waits at the nearest boundary. *Timing*: as recorded, on the run's scheduler.
 * *Errors*: as recorded; `CASSETTE_MISS`, which names the closest recording and what differs.
 *
 * @throws RivuletError `CASSETTE_MISS` for a file that isn't there, `CASSETTE_INVALID` for one that can't be read
 *
 * @example
 * ```ts no-run
 * import { chat } from 'rivulet';
 * import { replay } from 'rivulet/testing';
 *
 * const message = await chat(replay('cassettes/greeting.json', { keepTiming: false })).invoke('Hi');
 * ```
 */
export function replay(file: string, options?: ReplayOptions): ChatModel {
  return replaying(parseCassette(read(file), `the cassette '${file}'`), `the cassette '${file}'`, options);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RivuletError('CASSETTE_MISS', `there is no cassette '${file}'. Record one with record(model, file)`, { cause });
  }
}
