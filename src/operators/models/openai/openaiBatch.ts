import type { OpenAI } from 'openai';
import type { Batch } from 'openai/resources/batches';
import { onAbort } from '../../../core/bridge/LazySignal.js';
import { lateError } from '../../../core/bridge/lateError.js';
import type { RunContext } from '../../../core/context/RunContext.js';
import { requireMs } from '../../../core/errors/optionChecks.js';
import type { AssistantMessage, MessageChunk } from '../../messages/Message.js';
import { messageFold } from '../../messages/messageChunk.js';
import type { ChatModel, ChatRequest } from '../ChatModel.js';
import { isModelError, ModelError } from '../ModelError.js';
import { modelErrorFrom } from '../modelErrorFrom.js';
import { wellFormed } from '../wellFormed.js';
import { asked } from './asked.js';
import type { OpenAIApi, SendOptions } from './OpenAIApi.js';
import { ONE_ATTEMPT, type LazyClient } from './openaiClient.js';
import { errorIn, openaiError, truncated, type ErrorBody } from './openaiError.js';

/** How the batch service is asked whether it is done. */
export interface BatchOptions {
  /** The first wait between two looks; each is half as long again as the one before. Default 5,000. */
  readonly pollMs?: number;
  /** The longest wait. Default 60,000. */
  readonly maxPollMs?: number;
}

/** Whom to ask, and how. */
interface BatchTarget {
  readonly provider: string;
  readonly model: string;
  readonly api: OpenAIApi;
  readonly client: LazyClient;
}

/** How often in a row a look may fail in passing before the batch is given up. */
const MAX_FAILED_LOOKS = 5;
const ENDED: readonly Batch['status'][] = ['completed', 'failed', 'expired', 'cancelled'];

/**
 * Runs requests through OpenAI's batch service: uploads them, looks on the run's scheduler whether they are done, and fetches
 * the results. Unsubscribing cancels the batch.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function openaiBatch(target: BatchTarget, { pollMs = 5000, maxPollMs = 60_000 }: BatchOptions): NonNullable<ChatModel['batch']> {
  requireMs('pollMs', pollMs);
  requireMs('maxPollMs', maxPollMs);
  return (requests, run) => asked(target.provider, run, (signal) => new BatchJob(target, requests, run, signal).results(pollMs, maxPollMs));
}

type Result = AssistantMessage | Error;

/** A line of the output file, or of the error file. */
interface WireResult {
  readonly custom_id?: string;
  readonly response?: { readonly status_code?: number; readonly request_id?: string; readonly body?: unknown } | null;
  readonly error?: ErrorBody | null;
}

class BatchJob {
  private readonly client: OpenAI;

  constructor(
    private readonly target: BatchTarget,
    private readonly requests: readonly ChatRequest[],
    private readonly run: RunContext,
    private readonly signal: AbortSignal,
  ) {
    this.client = target.client();
  }

  async results(pollMs: number, maxPollMs: number): Promise<readonly Result[]> {
    const { endpoint } = this.target.api;
    const input = new File([this.lines()], 'batch.jsonl');
    const file = await this.sent((options) => this.client.files.create({ file: input, purpose: 'batch' }, options));
    // Not with the signal: a creation that is cut off may have succeeded, and would go on without us.
    const created = await this.client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h' }, ONE_ATTEMPT);
    const ended = await this.ended(created, pollMs, maxPollMs);
    if (ended.status === 'failed') throw this.failed(ended);
    return this.collect(ended);
  }

  /** A request with a signal of its own: the SDK leaves its listeners on it, and a batch is looked at often. */
  private async sent<T>(send: (options: SendOptions) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const stopListening = onAbort(this.signal, (reason) => controller.abort(reason));
    try {
      return await send({ ...ONE_ATTEMPT, signal: controller.signal });
    } finally {
      stopListening();
    }
  }

  private lines(): string {
    const { api, model } = this.target;
    return this.requests
      .map((request, index) => ({ custom_id: `request-${index}`, method: 'POST', url: api.endpoint, body: api.toBody(model, request, false) }))
      .map((line) => `${JSON.stringify(wellFormed(line))}\n`)
      .join('');
  }

  private async ended(created: Batch, pollMs: number, maxPollMs: number): Promise<Batch> {
    let batch = created;
    let waitMs = pollMs;
    let failures = 0;
    try {
      while (!ENDED.includes(batch.status)) {
        await this.wait(waitMs);
        waitMs = Math.min(waitMs * 1.5, maxPollMs);
        const looked = await this.look(batch.id, failures + 1 < MAX_FAILED_LOOKS);
        failures = looked ? 0 : failures + 1;
        batch = looked ?? batch;
      }
      return batch;
    } finally {
      if (!ENDED.includes(batch.status)) await this.cancel(batch.id);
    }
  }

  private wait(durationMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let stopListening = (): void => undefined;
      const timer = this.run.scheduler.schedule(() => {
        stopListening();
        resolve();
      }, durationMs);
      stopListening = onAbort(this.signal, (reason) => {
        timer.unsubscribe();
        reject(reason);
      });
    });
  }

  /** The batch as it is now; nothing, if the look failed in passing and `mayFail`. */
  private async look(id: string, mayFail: boolean): Promise<Batch | undefined> {
    try {
      return await this.sent((options) => this.client.batches.retrieve(id, options));
    } catch (cause) {
      const error = openaiError(this.target.provider, cause);
      if (mayFail && !this.signal.aborted && isModelError(error) && error.retryable) return undefined;
      throw error;
    }
  }

  private async cancel(id: string): Promise<void> {
    try {
      await this.client.batches.cancel(id, ONE_ATTEMPT);
    } catch (error) {
      lateError(openaiError(this.target.provider, error), this.run);
    }
  }

  private failed({ errors }: Batch): ModelError {
    const found = errors?.data ?? [];
    const message = found.map(({ message, line }) => (line == null ? message : `line ${line}: ${message}`)).join('; ') || 'the batch failed, without a reason';
    return modelErrorFrom({ provider: this.target.provider, status: 400, message, names: found.map(({ code }) => code) });
  }

  private async collect(batch: Batch): Promise<readonly Result[]> {
    const results: Result[] = this.requests.map((_, index) => this.missing(batch, index));
    for (const fileId of [batch.output_file_id, batch.error_file_id]) {
      if (!fileId) continue;
      const text = await this.sent(async (options) => (await this.client.files.content(fileId, options)).text());
      for (const line of text.split('\n').filter((one) => one.trim() !== '')) this.place(JSON.parse(line) as WireResult, results);
    }
    return results;
  }

  private place(line: WireResult, results: Result[]): void {
    const index = Number(line.custom_id?.replace('request-', ''));
    if (index in results) results[index] = this.toResult(line);
  }

  private toResult({ response, error }: WireResult): Result {
    const { provider, api } = this.target;
    if (error) return errorIn(provider, error);
    const { status_code: status = 200, body } = response ?? {};
    if (status >= 400) return errorIn(provider, { ...(body as { readonly error?: ErrorBody } | undefined)?.error, code: status });
    const reader = api.reader(this.run.ids);
    const chunks: MessageChunk[] = [];
    try {
      reader.read(body, chunks);
    } catch (cause) {
      return openaiError(provider, cause);
    }
    if (!reader.finished) return truncated(provider, 'a result of the batch is not a whole message');
    const folding = messageFold.start();
    for (const chunk of chunks) folding.add(chunk);
    return folding.result();
  }

  private missing({ status, id }: Batch, index: number): ModelError {
    const { provider } = this.target;
    return new ModelError('MODEL_OVERLOADED', `${provider} gave no result for request ${index} of the batch '${id}', which is ${status}. Run it again`, { provider });
  }
}
