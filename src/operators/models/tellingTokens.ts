import type { Observable } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { Link, operate } from '../../core/subscription.js';
import type { MessageChunk } from '../messages/Message.js';

/** Tells whoever watches the run of each token before it goes on; with nobody watching, it is the source itself. */
export function tellingTokens(source: Observable<MessageChunk>, run: RunContext): Observable<MessageChunk> {
  if (!run.hub) return source;
  const told = operate<MessageChunk, MessageChunk>((chunks, subscriber) => {
    const link = new Link<MessageChunk>(subscriber, {
      next: (chunk) => {
        if (chunk.reasoning) run.tell({ type: 'reasoning', messageId: chunk.id, text: chunk.reasoning });
        if (chunk.text) run.tell({ type: 'token', messageId: chunk.id, text: chunk.text });
        subscriber.next(chunk);
      },
    });
    chunks.subscribe(link);
  });
  return told(source);
}
