import type { OpenAI } from 'openai';
import type { MessageChunk } from '../../messages/Message.js';
import type { ChatRequest } from '../ChatModel.js';

/** A request's body as JSON. */
export type Body = Readonly<Record<string, unknown>>;

/** What a single request is sent with. */
export interface SendOptions {
  readonly signal: AbortSignal;
  readonly maxRetries: 0;
  readonly timeout: number;
}

/** Makes chunks of what a server answers with, event by event. */
export interface AnswerReader {
  /** Adds to `out` what `event` brings; the event may be a whole answer too, as from a gateway that can't stream. */
  read(event: unknown, out: MessageChunk[]): void;
  /** Whether the answer has come to its end, so that the server may close. */
  readonly finished: boolean;
}

/** One of OpenAI's two protocols: what differs between them. */
export interface OpenAIApi {
  readonly endpoint: '/v1/chat/completions' | '/v1/responses';
  toBody(model: string, request: ChatRequest, streaming: boolean): Body;
  send(client: OpenAI, body: Body, options: SendOptions): Promise<Response>;
  /** @param fallbackId the chunks' id, should the server give none */
  reader(fallbackId: () => string): AnswerReader;
}
