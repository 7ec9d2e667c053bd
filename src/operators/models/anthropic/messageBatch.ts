import type { Anthropic } from '@anthropic-ai/sdk';
import type { MessageBatch } from '@anthropic-ai/sdk/resources/messages';
import { EMPTY, filter, of, startWith, timer, type Observable } from 'rxjs';
import type { RunContext } from '../../../core/context/RunContext.js';
import { mapAsync } from '../../../core/demand/mapAsync.js';
import { iterate } from '../../../core/loop/iterate.js';
import { createSource } from '../../../core/subscription.js';
import type { AssistantMessage } from '../../messages/Message.js';
import type { ChatModel, ChatRequest } from '../ChatModel.js';
import { ModelError } from '../ModelError.js';
import { anthropicError } from './anthropicError.js';
import { batchOutcome } from './batchOutcome.js';
import { requestOptions } from './requestOptions.js';
import { headersFor, type RequestBody } from './toRequestBody.js';

export interface MessageBatchOptions {
  readonly client: () => Anthropic;
  readonly bodyOf: (request: ChatRequest) => RequestBody;
  readonly pollMs: number;
}

type Outcome = AssistantMessage | Error;

/**
 * Many requests through the Message Batches API: submits them, looks on the run's scheduler until they are done, and puts the
 * results in the requests' order. Unsubscribing cancels the batch, also one whose submission is still on its way.
 */
export function messageBatch(options: MessageBatchOptions): NonNullable<ChatModel['batch']> {
  return (requests, run) =>
    createSource((subscriber) => {
      const batch = new BatchRun(options, requests, run);
      subscriber.add(() => batch.abandon());
      batch.outcomes().subscribe(subscriber);
    });
}

/** How often in a row looking may fail: a batch runs for hours and outlives a hiccup of the network. */
const LOOKS_THAT_MAY_FAIL = 5;

class BatchRun {
  private readonly bodies: readonly (RequestBody | Error)[];
  private readonly now = (): number => this.run.scheduler.now();
  private running: string | undefined;
  private abandoned = false;
  private failedLooks = 0;

  constructor(
    private readonly options: MessageBatchOptions,
    requests: readonly ChatRequest[],
    private readonly run: RunContext,
  ) {
    this.bodies = requests.map((request) => bodyOrError(options, request));
  }

  outcomes(): Observable<readonly Outcome[]> {
    const requests = this.bodies.flatMap((body, index) => (body instanceof Error ? [] : [{ custom_id: idOf(index), params: body }]));
    if (requests.length === 0) return of(this.bodies as readonly Error[]);
    return of(requests).pipe(
      mapAsync((all) => this.submit(all)),
      mapAsync((batch) => this.untilEnded(batch)),
      mapAsync((batch, _index, { signal }) => this.fetch(batch, signal)),
    );
  }

  /** Leaves nothing running at the provider. Nobody is left to hear that it failed. */
  abandon(): void {
    this.abandoned = true;
    if (this.running === undefined) return;
    this.options.client().messages.batches.cancel(this.running, null, requestOptions()).catch(() => undefined);
    this.running = undefined;
  }

  /** Not aborted when abandoned: the provider might have taken it in already, and only who knows its id can cancel it. */
  private async submit(requests: readonly { readonly custom_id: string; readonly params: RequestBody }[]): Promise<MessageBatch> {
    try {
      const headers = headersFor(...requests.map(({ params }) => params));
      const batch = await this.options.client().messages.batches.create({ requests: [...requests] }, requestOptions(undefined, headers));
      this.running = batch.id;
      if (this.abandoned) this.abandon();
      return batch;
    } catch (error) {
      throw anthropicError(error, 'asking', this.now());
    }
  }

  private untilEnded(batch: MessageBatch): Observable<MessageBatch> {
    const { pollMs } = this.options;
    const look = (seen: MessageBatch): Observable<MessageBatch> =>
      hasEnded(seen) ? EMPTY : timer(pollMs, this.run.scheduler).pipe(mapAsync((_tick, _index, { signal }) => this.look(seen, signal)));
    return iterate(batch, look).pipe(startWith(batch), filter(hasEnded));
  }

  private async look(seen: MessageBatch, signal: AbortSignal): Promise<MessageBatch> {
    try {
      const batch = await this.options.client().messages.batches.retrieve(seen.id, null, requestOptions(signal));
      this.failedLooks = 0;
      return batch;
    } catch (cause) {
      const error = anthropicError(cause, 'asking', this.now());
      const passes = error instanceof ModelError && error.retryable && ++this.failedLooks <= LOOKS_THAT_MAY_FAIL;
      if (signal.aborted || passes) return seen;
      throw error;
    }
  }

  private async fetch({ id }: MessageBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    this.running = undefined;
    const outcomes: Outcome[] = this.bodies.map((body, index) => (body instanceof Error ? body : missing(index)));
    try {
      for await (const { custom_id, result } of await this.options.client().messages.batches.results(id, {}, requestOptions(signal))) {
        const index = indexOf(custom_id);
        if (index in outcomes) outcomes[index] = batchOutcome(result, this.run.ids);
      }
      return outcomes;
    } catch (error) {
      if (signal.aborted) return outcomes;
      throw anthropicError(error, 'answering', this.now());
    }
  }
}

function bodyOrError({ bodyOf }: MessageBatchOptions, request: ChatRequest): RequestBody | Error {
  try {
    return bodyOf(request);
  } catch (error) {
    return anthropicError(error, 'asking', 0);
  }
}

const hasEnded = ({ processing_status }: MessageBatch): boolean => processing_status === 'ended';
const idOf = (index: number): string => `request-${index}`;
const indexOf = (id: string): number => Number(id.slice(idOf(0).length - 1));

const missing = (index: number): ModelError =>
  new ModelError('MODEL_PROTOCOL', `anthropic's batch ended without a result for request ${index}. Send that one again`, { provider: 'anthropic', retryable: true });
