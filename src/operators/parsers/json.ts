import type { Subscriber } from 'rxjs';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { PatchOperation } from '../../core/events/RunEvent.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { last, type Fold } from '../../core/flow/fold.js';
import { patchFold } from '../../core/json/patchFold.js';
import { Link, operate, restartOf } from '../../core/subscription.js';
import { checkFeedOptions, JsonFeed, type JsonFeedOptions } from './JsonFeed.js';
import { pacedSnapshots } from './pacedSnapshots.js';
import { JsonPatchReader } from './partialJson/JsonPatchReader.js';
import { JsonReader } from './partialJson/JsonReader.js';
import type { CreateReader } from './partialJson/JsonText.js';
import type { TextInput } from './TextDeltas.js';

export interface JsonOptions extends JsonFeedOptions {
  /**
   * What is emitted while the value grows. `'snapshots'` (the default): values that stay as they are, and share what is
   * complete. `'live'`: the one growing value each time, for who reads it at once and keeps nothing. `'patch'`: for each
   * chunk that changed it, how, as a JSON Patch (RFC 6902) of `add` and `replace`.
   */
  readonly mode?: 'snapshots' | 'live' | 'patch' | undefined;
}

/**
 * Reads the JSON of an answer while it streams: emits the growing value and folds to the complete one. Strings grow,
 * numbers and literals appear when they are complete. It looks at each character once, finds the JSON in a Markdown fence or
 * amid text (`around`), and takes what `JSON.parse` takes, nothing else.
 *
 * ```text
 * -a--b---c|      {"a":[1,   2],"b":"x   yz"}
 * json()
 * -p--q---r|      { a: [] }   { a: [1, 2], b: 'x' }   { a: [1, 2], b: 'xyz' }
 * ```
 *
 * Emits after each chunk that changed the value; a snapshot of a very large open array only as often as keeps the work
 * linear in the text. The last one emitted is complete.
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: `JSON_INVALID` with line and column, as soon as it is seen, and for an
 * answer that ends too early (unless `partial`) or has no JSON; `JSON_LIMIT` beyond `maxDepth` or `maxLength`.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { chain, chat, json, scripted } from 'rivulet';
 *
 * const ask = chain(chat(scripted([{ reply: '```json\n{ "city": "Bern" }\n```' }])), json<{ city: string }>());
 * const { city } = await ask.invoke('Where?'); // 'Bern'
 * ```
 */
export function json<T = unknown>(options: JsonOptions & { readonly mode: 'patch' }): Flow<TextInput, readonly PatchOperation[], T>;
export function json<T = unknown>(options?: JsonOptions & { readonly mode?: 'snapshots' | 'live' | undefined }): Flow<TextInput, T>;
export function json<T>(options: JsonOptions = {}): Flow<TextInput, T> | Flow<TextInput, readonly PatchOperation[], T> {
  checkFeedOptions(options);
  const { mode = 'snapshots' } = options;
  switch (mode) {
    case 'snapshots':
      return reading<JsonReader, T, T>(options, newReader, last(), (subscriber) => pacedSnapshots((value) => subscriber.next(value as T)));
    case 'live':
      return reading<JsonReader, T, T>(options, newReader, last(), (subscriber) => (reader, changed) => {
        if (changed) subscriber.next(reader.value as T);
      });
    case 'patch':
      return reading<JsonPatchReader, readonly PatchOperation[], T>(options, newPatchReader, patchFold as Fold<readonly PatchOperation[], T>, (subscriber) => (reader, changed) => {
        if (changed) subscriber.next(reader.takePatch());
      });
  }
  throw new RivuletError('INVALID_OPTION', `'${String(mode)}' is not a mode of json(). Choose 'snapshots', 'live' or 'patch'`);
}

const newReader: CreateReader<JsonReader> = (position, maxDepth) => new JsonReader(position, maxDepth);
const newPatchReader: CreateReader<JsonPatchReader> = (position, maxDepth) => new JsonPatchReader(position, maxDepth);

/** Called after each chunk, and at the end as after an infinitely long one. */
type Tell<R> = (reader: R, changed: boolean, added: number) => void;

function reading<R extends JsonReader, O, T>(options: JsonOptions, createReader: CreateReader<R>, fold: Fold<O, T>, telling: (subscriber: Subscriber<O>) => Tell<R>): Flow<TextInput, O, T> {
  const operator = operate<TextInput, O>((source, subscriber) => {
    const feed = new JsonFeed(options, createReader, restartOf(subscriber));
    const tell = telling(subscriber);
    const link = new Link<TextInput>(subscriber, {
      next: (chunk) => {
        const changed = feed.add(chunk);
        tell(feed.reader, changed, feed.added);
      },
      complete: () => {
        const changed = feed.end();
        tell(feed.reader, changed, Infinity);
        subscriber.complete();
      },
      restart: () => feed.restart(),
    });
    source.subscribe(link);
  });
  return flow('json', operator, { fold, kind: 'parser' });
}
