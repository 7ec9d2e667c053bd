import type { OpenAI } from 'openai';
import { Stream } from 'openai/core/streaming';
import { limitedEvents } from '../limitedEvents.js';
import { protocolError } from './openaiError.js';

/** The events of a streamed answer, read as they are asked for; of a server that answers with one JSON document, that document. */
export async function answerEvents(provider: string, client: OpenAI, response: Response): Promise<AsyncIterable<unknown> | Iterable<unknown>> {
  const contentType = response.headers.get('content-type') ?? '';
  if (contentType.includes('json')) return [await response.json()];
  const { status, headers, body } = response;
  if (!body) throw protocolError(provider, 'its answer is empty');
  if (contentType.includes('html')) {
    await body.cancel();
    throw protocolError(provider, 'its answer is a web page');
  }
  // The SDK joins the pieces of an event anew for each that comes, which is quadratic: an endless one must end before that hurts.
  const limited = new Response(body.pipeThrough(limitedEvents(provider)), { status, headers });
  return Stream.fromSSEResponse<unknown>(limited, new AbortController(), client);
}
