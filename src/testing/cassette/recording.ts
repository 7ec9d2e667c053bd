import type { Observable } from 'rxjs';
import type { RunScope } from '../../core/context/RunScope.js';
import { Link, operate } from '../../core/subscription.js';
import type { MessageChunk } from '../../operators/messages/Message.js';
import type { ChatModel, ChatRequest } from '../../operators/models/ChatModel.js';
import { cassette, type Cassette, type RecordedEnd, type Recording } from './Cassette.js';
import { canonicalRequest } from './canonicalRequest.js';
import { recordedError } from './recordedError.js';

/** A recording that grows until it has an end. */
interface Draft {
  readonly request: Recording['request'];
  readonly chunks: Recording['chunks'][number][];
  end?: RecordedEnd;
}

/** `model`, with each of its answers handed to `save` when it ends, together with those before it. */
export function recording(model: ChatModel, save: (recorded: Cassette) => void): ChatModel {
  const { id, capabilities } = model;
  const drafts: Draft[] = [];

  function ended(draft: Draft, end: RecordedEnd): void {
    if (draft.end) return;
    draft.end = end;
    save(cassette({ id, capabilities }, drafts.filter((other): other is Draft & Recording => other.end !== undefined)));
  }

  function stream(request: ChatRequest, run: RunScope): Observable<MessageChunk> {
    const recorded = operate<MessageChunk, MessageChunk>((answer, subscriber) => {
      const startedAt = run.scheduler.now();
      const passedMs = (): number => run.scheduler.now() - startedAt;
      const draft: Draft = { request: canonicalRequest(request), chunks: [] };
      drafts.push(draft);
      const link = new Link<MessageChunk>(subscriber, {
        next: (chunk) => {
          draft.chunks.push([passedMs(), chunk]);
          subscriber.next(chunk);
        },
        error: (error) => {
          ended(draft, { kind: 'error', atMs: passedMs(), error: recordedError(error) });
          subscriber.error(error);
        },
        complete: () => {
          ended(draft, { kind: 'complete', atMs: passedMs() });
          subscriber.complete();
        },
      });
      link.add(() => ended(draft, { kind: 'left', atMs: passedMs() }));
      answer.subscribe(link);
    });
    return recorded(model.stream(request, run));
  }

  return { id, capabilities, stream };
}
