import { RivuletError } from '../../core/errors/RivuletError.js';
import type { Usage } from '../../core/events/RunEvent.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import type { Fold, Folding } from '../../core/flow/fold.js';
import { operate } from '../../core/subscription.js';
import type { AssistantMessage, MessageChunk, ToolMessage } from '../messages/Message.js';
import { messageFold } from '../messages/messageChunk.js';
import type { ToolLoopChunk } from './toolLoop.js';

/** All that a run said. */
export interface Transcript {
  /** In order; what the model was asked with isn't among them. */
  readonly messages: readonly (AssistantMessage | ToolMessage)[];
  /** The last answer. */
  readonly message: AssistantMessage;
  /** Of all answers together; none if the model never said. */
  readonly usage?: Usage;
}

/**
 * Lets the chunks of a tool loop pass, and makes all its messages of them in place of the last one: what to append to a
 * conversation's history.
 *
 * ```text
 * -c--r-a-b-|
 * transcript()
 * -c--r-a-b-|    its result is { messages: [c, r, ab], message: ab, usage }
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: `EMPTY_RUN` for a result of no answer.
 *
 * @example
 * ```ts
 * import { chain, scripted, toolLoop, transcript } from 'rivulet';
 *
 * const agent = chain(toolLoop(scripted([{ reply: 'Hi!' }]), []), transcript());
 * const { messages } = await agent.invoke('Hello'); // one assistant message
 * ```
 */
export function transcript(): Flow<ToolLoopChunk, ToolLoopChunk, Transcript> {
  return flow('transcript', operate((source, subscriber) => source.subscribe(subscriber)), { fold: transcriptFold });
}

const transcriptFold: Fold<ToolLoopChunk, Transcript> = { kind: 'transcript', start: () => new TranscriptFolding() };

class TranscriptFolding implements Folding<ToolLoopChunk, Transcript> {
  private readonly whole: (AssistantMessage | ToolMessage)[] = [];
  private growing: Folding<MessageChunk, AssistantMessage> | undefined;

  add(chunk: ToolLoopChunk): void {
    if (!('role' in chunk)) return (this.growing ??= messageFold.start()).add(chunk);
    if (this.growing) this.whole.push(this.growing.result());
    this.growing = undefined;
    this.whole.push(chunk);
  }

  result(): Transcript {
    const messages = this.growing ? [...this.whole, this.growing.result()] : [...this.whole];
    const answers = messages.filter((message) => message.role === 'assistant');
    const message = answers.at(-1);
    if (!message) throw new RivuletError('EMPTY_RUN', 'a transcript has no answer in it. Put transcript() after toolLoop(…) or chat(…)');
    const usage = answers.reduce<Usage | undefined>((sum, answer) => added(sum, answer.usage), undefined);
    return Object.freeze({ messages: Object.freeze(messages), message, ...(usage && { usage }) });
  }
}

function added(sum: Usage | undefined, usage: Usage | undefined): Usage | undefined {
  if (!sum || !usage) return sum ?? usage;
  const total: Record<string, number> = { ...sum };
  for (const [kind, count] of Object.entries(usage)) total[kind] = (total[kind] ?? 0) + (count as number);
  return total as unknown as Usage;
}
