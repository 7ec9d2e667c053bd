import type { OpenAI } from 'openai';
import { pullAsync } from '../../../core/bridge/pullAsync.js';
import { onAbort } from '../../../core/bridge/LazySignal.js';
import type { RunScope } from '../../../core/context/RunScope.js';
import { CancelledError } from '../../../core/errors/CancelledError.js';
import { isRivuletError, RivuletError } from '../../../core/errors/RivuletError.js';
import { createSource } from '../../../core/subscription.js';
import type { MessageChunk } from '../../messages/Message.js';
import type { ChatModel, ModelCapabilities } from '../ChatModel.js';
import { wellFormed } from '../wellFormed.js';
import { answerEvents } from './answerEvents.js';
import type { AnswerReader, Body, OpenAIApi } from './OpenAIApi.js';
import { openaiBatch, type BatchOptions } from './openaiBatch.js';
import { ONE_ATTEMPT, lazyClient, type OpenAIClientOptions } from './openaiClient.js';
import { openaiError, protocolError, truncated } from './openaiError.js';

/** What every model of OpenAI's protocols can be told. */
export interface OpenAIModelOptions extends OpenAIClientOptions {
  /** What the model can do, where it is known better than by its name. */
  readonly capabilities?: ModelCapabilities;
  /** `false` for a gateway that can't stream; one that answers a whole message by itself is recognised. Default true. */
  readonly stream?: boolean;
  /** Makes `flow.batch` use the provider's batch service: half the price, and up to a day. */
  readonly batch?: boolean | BatchOptions;
}

/** What makes one of the family's models. */
export interface OpenAIModelDefinition {
  readonly provider: string;
  readonly model: string;
  readonly api: OpenAIApi;
  readonly capabilities: (model: string) => ModelCapabilities;
}

/** The engine of the family: a request, its answer's events read as downstream asks for them, and every end of it typed. */
export function openaiModel({ provider, model, api, capabilities }: OpenAIModelDefinition, options: OpenAIModelOptions): ChatModel {
  if (typeof model !== 'string' || model === '') throw new RivuletError('INVALID_OPTION', `the model's name is ${JSON.stringify(model)}. Give the provider's name for it, as in openai('gpt-5')`);
  const { capabilities: known, stream: streaming = true, batch, ...settings } = options;
  const client = lazyClient(provider, settings);
  return {
    id: `${provider}:${model}`,
    capabilities: { ...capabilities(model), ...known },
    stream: (request, run) =>
      createSource((subscriber) => {
        const controller = new AbortController();
        const body = wellFormed(api.toBody(model, request, streaming));
        const answer = new Answer(provider, api, client(), body, controller.signal, run);
        subscriber.add(onAbort(run.signal, (reason) => subscriber.error(new CancelledError(reason))));
        pullAsync(answer.chunks()).subscribe(subscriber);
        subscriber.add(() => controller.abort());
      }),
    ...(batch && { batch: openaiBatch({ provider, model, api, client }, batch === true ? {} : batch) }),
  };
}

/** One request and its answer. */
class Answer {
  constructor(
    private readonly provider: string,
    private readonly api: OpenAIApi,
    private readonly client: OpenAI,
    private readonly body: Body,
    private readonly signal: AbortSignal,
    private readonly run: RunScope,
  ) {}

  async *chunks(): AsyncGenerator<MessageChunk, void> {
    const { api, signal, run } = this;
    const reader = api.reader(run.ids);
    const chunks: MessageChunk[] = [];
    let reading = false;
    try {
      const response = await api.send(this.client, this.body, { ...ONE_ATTEMPT, signal });
      reading = true;
      for await (const event of await answerEvents(this.provider, this.client, response)) {
        this.read(reader, event, chunks);
        for (const chunk of chunks) yield chunk;
        chunks.length = 0;
      }
      // Aborting ends the SDK's stream without an error: then there is nobody left to tell.
      if (!reader.finished && !signal.aborted) throw truncated(this.provider, 'the stream ended before the message did');
    } catch (error) {
      if (!signal.aborted) throw openaiError(this.provider, error, { now: run.scheduler.now(), reading });
    }
  }

  private read(reader: AnswerReader, event: unknown, chunks: MessageChunk[]): void {
    try {
      reader.read(event, chunks);
    } catch (error) {
      throw isRivuletError(error) ? error : protocolError(this.provider, `an event could not be read: ${String(error)}`, error);
    }
  }
}
