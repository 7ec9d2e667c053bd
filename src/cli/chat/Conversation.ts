import { chain } from '../../core/flow/chain.js';
import type { Flow } from '../../core/flow/flow.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import type { RunEvent } from '../../core/events/RunEvent.js';
import type { Message } from '../../operators/messages/Message.js';
import { user } from '../../operators/messages/user.js';
import type { ChatModel } from '../../operators/models/ChatModel.js';
import type { Tools } from '../../operators/tools/toolkit.js';
import { toolLoop, type ToolLoopChunk } from '../../operators/tools/toolLoop.js';
import { transcript, type Transcript } from '../../operators/tools/transcript.js';
import type { ChatTrace } from './ChatTrace.js';
import type { MessageInput } from '../../operators/messages/toMessages.js';

export interface ConversationOptions {
  readonly model: ChatModel;
  readonly tools: Tools;
  readonly system?: string | undefined;
  /** Gets every event of every answer. */
  readonly show: (event: RunEvent) => void;
  readonly trace?: ChatTrace | undefined;
}

/** How an answer ended. */
export interface Answer {
  readonly status: 'answered' | 'cancelled' | 'failed';
  readonly error?: unknown;
}

/** A conversation with one model: what was said is its history, and one answer at a time can be cancelled. */
export class Conversation {
  private readonly agent: Flow<MessageInput, ToolLoopChunk, Transcript>;
  private history: readonly Message[] = [];
  private current: AbortController | undefined;

  constructor(private readonly options: ConversationOptions) {
    const { model, tools, system } = options;
    this.agent = chain(toolLoop(model, tools, { system }), transcript()) as Flow<MessageInput, ToolLoopChunk, Transcript>;
  }

  /** Whether an answer was there to be cancelled. */
  cancel(): boolean {
    const { current } = this;
    this.current = undefined;
    current?.abort();
    return current !== undefined;
  }

  /** Asks, and shows the answer as it comes. A failed or cancelled question isn't part of the history. */
  async ask(question: string): Promise<Answer> {
    const answer = await this.answerTo(question);
    await this.options.trace?.answered();
    return answer;
  }

  private answerTo(question: string): Promise<Answer> {
    const { trace } = this.options;
    const asked = [...this.history, user(question)];
    const controller = new AbortController();
    this.current = controller;
    return new Promise((resolve) => {
      const ended = (status: Answer['status'], error?: unknown): void => {
        if (this.current === controller) this.current = undefined;
        resolve({ status, error });
      };
      this.agent.events(asked, { signal: controller.signal, runName: 'chat', ...(trace && { tracer: trace.tracer }) }).subscribe({
        next: (event) => {
          if (event.type === 'run_end' && event.status === 'done') this.history = [...asked, ...(event.output as Transcript).messages];
          this.options.show(event);
        },
        error: (error) => (isRivuletError(error, 'CANCELLED') ? ended('cancelled') : ended('failed', error)),
        complete: () => ended('answered'),
      });
    });
  }
}
