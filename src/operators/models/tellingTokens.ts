import type { Observable } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import type { RunEvent } from '../../core/events/RunEvent.js';
import { Link, operate } from '../../core/subscription.js';
import type { MessageChunk } from '../messages/Message.js';

/** Tells whoever watches the run of each token before it goes on, or of the first one alone; with nobody watching, it is the source itself. */
export function tellingTokens(source: Observable<MessageChunk>, run: RunContext): Observable<MessageChunk> {
  const { hub } = run;
  if (!hub) return source;
  const told = operate<MessageChunk, MessageChunk>((chunks, subscriber) => {
    const all = hub.needsAllTokens;
    let isTold = false;
    const link = new Link<MessageChunk>(subscriber, {
      next: (chunk) => {
        if (all || !isTold) isTold = tell(chunk, run);
        subscriber.next(chunk);
      },
    });
    chunks.subscribe(link);
  });
  return told(source);
}

/** Whether there was something to tell. */
function tell({ id, reasoning, text }: MessageChunk, run: RunContext): boolean {
  if (reasoning) run.tell(tokenOf(run, 'reasoning', id, reasoning));
  if (text) run.tell(tokenOf(run, 'token', id, text));
  return Boolean(reasoning) || Boolean(text);
}

/** With a head for the hub to fill in: there are thousands of them, and an event that grows is made several times. */
function tokenOf({ runId, path }: RunContext, type: 'token' | 'reasoning', messageId: string, text: string): RunEvent<'token' | 'reasoning'> {
  return { type, runId, seq: 0, at: 0, path, messageId, text };
}
