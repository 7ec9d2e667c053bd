import type { Observable } from 'rxjs';
import type { RunScope } from '../../core/context/RunScope.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { createSource } from '../../core/subscription.js';
import type { MessageChunk } from '../../operators/messages/Message.js';
import { messageChunk } from '../../operators/messages/messageChunk.js';
import type { ChatModel, ChatRequest } from '../../operators/models/ChatModel.js';
import { timeline, type TimelineStep } from '../../operators/models/scripted/timeline.js';
import { show } from '../show.js';
import type { Cassette, Recording } from './Cassette.js';
import { canonicalRequest, type CanonicalRequest } from './canonicalRequest.js';
import { differences, type Difference } from './differences.js';
import { revivedError } from './recordedError.js';

export interface ReplayOptions {
  /** Default true; false leaves no time between chunks. */
  readonly keepTiming?: boolean;
}

/**
 * A model that answers what a cassette holds, each recording once: those of the same request in the order in which they were made.
 *
 * @param where what errors call the cassette
 */
export function replaying({ model: { id, capabilities }, recordings }: Cassette, where: string, { keepTiming = true }: ReplayOptions = {}): ChatModel {
  const unused = new Map<string, Recording[]>();
  for (const recording of recordings) {
    const key = JSON.stringify(recording.request);
    const same = unused.get(key);
    if (same) same.push(recording);
    else unused.set(key, [recording]);
  }

  function stream(request: ChatRequest, run: RunScope): Observable<MessageChunk> {
    return createSource((subscriber) => {
      const asked = canonicalRequest(request);
      const recording = unused.get(JSON.stringify(asked))?.shift();
      if (!recording) return subscriber.error(miss(asked, recordings, where));
      return timeline(steps(recording, keepTiming), run.scheduler).subscribe(subscriber);
    });
  }

  return { id, capabilities, stream };
}

function* steps({ chunks, end }: Recording, keepTiming: boolean): Generator<TimelineStep<MessageChunk>> {
  let nowMs = 0;
  const since = (atMs: number): number => {
    const afterMs = keepTiming ? atMs - nowMs : 0;
    nowMs = atMs;
    return afterMs;
  };
  for (const [atMs, chunk] of chunks) yield { afterMs: since(atMs), notification: { kind: 'N', value: messageChunk(chunk) } };
  const afterMs = since(end.atMs);
  if (end.kind === 'error') yield { afterMs, notification: { kind: 'E', error: revivedError(end.error) } };
  else if (end.kind === 'complete') yield { afterMs, notification: { kind: 'C' } }; // one that was left hangs: it will be left again
}

function miss(asked: CanonicalRequest, recordings: readonly Recording[], where: string): RivuletError {
  const compared = recordings.map(({ request }, index) => ({ number: index + 1, found: differences(request, asked) }));
  const closest = compared.reduce<(typeof compared)[number] | undefined>((best, next) => (best && best.found.length <= next.found.length ? best : next), undefined);
  const times = compared.filter(({ found }) => found.length === 0).length;
  return new RivuletError('CASSETTE_MISS', `${where} ${closest ? why(closest, times) : 'has no recording'}. Record it anew with record(model, file), or ask what was recorded`);
}

function why({ number, found }: { readonly number: number; readonly found: readonly Difference[] }, times: number): string {
  const [first] = found;
  if (!first) return `has this request ${times} time${times > 1 ? 's' : ''}, and it was asked once more`;
  const more = found.length > 1 ? `, and in ${found.length - 1} more place${found.length > 2 ? 's' : ''}` : '';
  return `has no recording of this request. The closest is number ${number}, which differs at ${first.path}: recorded ${show(first.recorded)}, asked ${show(first.asked)}${more}`;
}
