import type { Observable } from 'rxjs';
import type { RunScope } from '../core/context/RunScope.js';
import { createSource } from '../core/subscription.js';
import type { MessageChunk } from '../operators/messages/Message.js';
import { messageChunk } from '../operators/messages/messageChunk.js';
import type { ChatModel, ChatRequest, ModelCapabilities } from '../operators/models/ChatModel.js';
import { ModelError } from '../operators/models/ModelError.js';
import { timeline, type TimelineStep } from '../operators/models/scripted/timeline.js';
import { CallLog, type CallFrames } from './CallLog.js';
import type { ChunkValue, ToolCallValue } from './chunkValue.js';
import { answersOf } from './marbleDiagram.js';

export interface TestModelOptions {
  /** Default `test`. */
  readonly id?: string;
  /** Default: tools and reasoning. */
  readonly capabilities?: ModelCapabilities;
  /** What `#` stands for. Default: a `ModelError` `MODEL_OVERLOADED`, which is worth a retry. */
  readonly error?: unknown;
}

/** A model that answers with marble diagrams, and remembers what it was asked. */
export interface TestModel extends ChatModel {
  /** How often it was asked. */
  readonly calls: number;
  readonly requests: readonly ChatRequest[];
  /** For `expectSubscriptions`: when each answer began and ended. */
  readonly subscriptions: CallFrames[];
  readonly log: CallLog;
}

/**
 * A model whose answers are marble diagrams, which begin when it is asked. Several are its answers in turn, over and
 * over. `#` fails, a diagram without an end hangs, and a letter without a value is the text itself.
 *
 * ```text
 * model('--a-b-(c|)', { a: text('Hel'), b: text('lo'), c: usage(3, 2) })
 * ```
 *
 * *Demand*: a source, waits at the nearest boundary. *Timing*: the run's scheduler. *Errors*: `error`, at `#`.
 *
 * @example
 * ```ts
 * import { chat } from 'rivulet';
 * import { marbles, model, text, toolCall } from 'rivulet/testing';
 *
 * marbles(({ expectRun }) => {
 *   const asks = model(['--a|', '---b|'], { a: toolCall('add', { a: 1, b: 2 }), b: text('3') });
 *   expectRun(chat(asks), '1 + 2?').toBe('--a|', { a: { id: 'id-1', toolCalls: [{ index: 0, id: 'call-1', name: 'add', args: '{"a":1,"b":2}' }] } });
 * })();
 * ```
 */
export function model(timelines: string | readonly string[], values: Readonly<Record<string, ChunkValue>> = {}, options: TestModelOptions = {}): TestModel {
  const { id = 'test', capabilities = { tools: true, reasoning: true }, error = failure(id) } = options;
  return new TimelineModel(id, capabilities, answersOf(timelines, values, error));
}

class TimelineModel implements TestModel {
  readonly requests: ChatRequest[] = [];
  readonly log: CallLog;
  private toolCalls = 0;

  constructor(
    readonly id: string,
    readonly capabilities: ModelCapabilities,
    private readonly answers: readonly (readonly TimelineStep<ChunkValue>[])[],
  ) {
    this.log = new CallLog(`model '${id}'`);
  }

  get calls(): number {
    return this.requests.length;
  }

  get subscriptions(): CallFrames[] {
    return this.log.subscriptions;
  }

  stream(request: ChatRequest, run: RunScope): Observable<MessageChunk> {
    const answer = createSource<MessageChunk>((subscriber) => {
      const steps = this.answers[this.requests.length % this.answers.length] as readonly TimelineStep<ChunkValue>[];
      this.requests.push(request);
      return timeline(this.chunksOf(steps, run.ids()), run.scheduler).subscribe(subscriber);
    });
    return this.log.watch(answer, run.scheduler);
  }

  private *chunksOf(steps: readonly TimelineStep<ChunkValue>[], id: string): Generator<TimelineStep<MessageChunk>> {
    let index = 0;
    for (const { afterMs, notification } of steps) {
      if (notification.kind !== 'N') yield { afterMs, notification };
      else {
        const { value } = notification;
        const fields = typeof value === 'string' ? { text: value } : 'toolCall' in value ? this.callFields(value, index++) : value;
        yield { afterMs, notification: { kind: 'N', value: messageChunk({ ...fields, id }) } };
      }
    }
  }

  private callFields({ toolCall: { name, args, id = `call-${++this.toolCalls}` } }: ToolCallValue, index: number): Pick<MessageChunk, 'toolCalls'> {
    return { toolCalls: [{ index, id, name, args: typeof args === 'string' ? args : JSON.stringify(args) }] };
  }
}

function failure(provider: string): ModelError {
  return new ModelError('MODEL_OVERLOADED', "the model's timeline fails here. Give model(timeline, values, { error }) an error of your own", { provider });
}
