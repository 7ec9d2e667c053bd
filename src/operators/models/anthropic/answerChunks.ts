import type { Anthropic } from '@anthropic-ai/sdk';
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { Stream } from '@anthropic-ai/sdk/streaming';
import { isRivuletError } from '../../../core/errors/RivuletError.js';
import type { MessageChunk } from '../../messages/Message.js';
import { limitedEvents } from '../limitedEvents.js';
import { ModelError } from '../ModelError.js';
import { anthropicError } from './anthropicError.js';
import { messageEvents } from './messageEvents.js';
import { MessageReading } from './MessageReading.js';
import { requestOptions } from './requestOptions.js';
import { headersFor, type RequestBody } from './toRequestBody.js';

/** One request, made when the first chunk is asked for. */
export interface Asking {
  readonly client: () => Anthropic;
  readonly body: () => RequestBody;
  readonly stream: boolean;
  readonly signal: AbortSignal;
  readonly ids: () => string;
  readonly now: () => number;
}

/** The chunks of one answer, each read from the socket when it is asked for. Ends in silence when `signal` aborts, as the SDK does. */
export async function* answerChunks(asking: Asking): AsyncGenerator<MessageChunk> {
  const { signal, ids, now } = asking;
  const chunks: MessageChunk[] = [];
  const reading = new MessageReading(chunks, ids);
  let phase: 'asking' | 'answering' = 'asking';
  try {
    const client = asking.client();
    const response = await ask(client, asking);
    phase = 'answering';
    for await (const event of await eventsOf(response, client)) {
      read(reading, event);
      for (const chunk of chunks) yield chunk;
      chunks.length = 0;
    }
    if (!reading.complete) throw brokenOff(reading, response);
  } catch (error) {
    if (!signal.aborted) throw anthropicError(error, phase, now());
  }
}

/** An event without what it must have. */
function read(reading: MessageReading, event: RawMessageStreamEvent): void {
  try {
    reading.read(event);
  } catch (cause) {
    if (isRivuletError(cause)) throw cause;
    throw new ModelError('MODEL_PROTOCOL', `anthropic sent an event that can't be read: ${String(cause)}. Check that baseURL leads to a server of its protocol`, { provider: 'anthropic', cause });
  }
}

function ask(client: Anthropic, { body, stream, signal }: Asking): Promise<Response> {
  const params = body();
  return client.messages.create({ ...params, stream }, requestOptions(signal, headersFor(params))).asResponse();
}

/** A gateway that can't stream answers with the message, whatever it was asked for. */
async function eventsOf(response: Response, client: Anthropic): Promise<AsyncIterable<RawMessageStreamEvent> | Iterable<RawMessageStreamEvent>> {
  if (typeOf(response).includes('json')) return messageEvents(await response.json());
  const { body, headers, status } = response;
  const limited = new Response(body && body.pipeThrough(limitedEvents('anthropic')), { headers, status });
  return Stream.fromSSEResponse<RawMessageStreamEvent>(limited, new AbortController(), client);
}

const typeOf = ({ headers }: Response): string => headers.get('content-type') ?? '';

function brokenOff(reading: MessageReading, response: Response): ModelError {
  const details = { provider: 'anthropic', status: response.status, requestId: response.headers.get('request-id') ?? undefined };
  const type = typeOf(response);
  if (!reading.begun && !type.includes('event-stream')) {
    return new ModelError('MODEL_PROTOCOL', `anthropic answered with '${type}' in place of an event stream. Check that baseURL leads to a server of its protocol`, details);
  }
  const what = reading.begun ? 'ended its answer before it was complete' : 'ended its answer without having said anything';
  return new ModelError('MODEL_TRUNCATED', `anthropic ${what}. Try again, as withRetry does`, details);
}
