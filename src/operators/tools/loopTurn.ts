import type { Observable, Subscriber } from 'rxjs';
import type { Flow } from '../../core/flow/flow.js';
import { createSource, Link, restartOf } from '../../core/subscription.js';
import type { AssistantMessage, Message, MessageChunk, ToolMessage } from '../messages/Message.js';
import { chunksOfMessage } from './chunksOfMessage.js';
import { MaxTurnsError } from './MaxTurnsError.js';

/** Asks a model. */
export type Ask = Flow<readonly Message[], MessageChunk, AssistantMessage>;

/** Where a loop stands before a turn. */
export interface LoopState {
  /** From 1. */
  readonly turn: number;
  /** What came of the turns before. */
  readonly said: readonly (AssistantMessage | ToolMessage)[];
}

export interface TurnParts {
  readonly ask: Ask;
  /** What the model is asked with in the first turn. */
  readonly asked: readonly Message[];
  readonly answer: Flow<AssistantMessage, ToolMessage, readonly ToolMessage[]>;
  readonly maxTurns: number;
}

/** One turn: the model's chunks, then the results of the tools it called, then the state of the next turn, if tools were called. */
export function loopTurn({ turn, said }: LoopState, { ask, asked, answer, maxTurns }: TurnParts): Observable<MessageChunk | ToolMessage | LoopState> {
  return createSource((subscriber) => {
    const restart = restartOf(subscriber);
    let folding = ask.fold.start();
    const link = new Link<MessageChunk>(subscriber, {
      next: (chunk) => {
        folding.add(chunk);
        subscriber.next(chunk);
      },
      complete: () => answered(folding.result()),
      restart: () => {
        folding = ask.fold.start();
        restart();
        retell(said, subscriber);
      },
    });
    ask.run([...asked, ...said]).subscribe(link);

    function answered(message: AssistantMessage): void {
      if (message.toolCalls.length === 0) return subscriber.complete();
      const now = [...said, message];
      if (turn >= maxTurns) return subscriber.error(new MaxTurnsError(maxTurns, now));
      const results = new Link<ToolMessage>(subscriber, {
        next: (result) => {
          now.push(result);
          subscriber.next(result);
        },
        complete: () => {
          subscriber.next({ turn: turn + 1, said: now });
          subscriber.complete();
        },
      });
      answer.run(message).subscribe(results);
    }
  });
}

/** Only this turn's chunks are superseded: those who forgot everything hear of the turns before once more. */
function retell(said: LoopState['said'], subscriber: Subscriber<MessageChunk | ToolMessage>): void {
  for (const message of said) {
    if (message.role === 'tool') subscriber.next(message);
    else for (const chunk of chunksOfMessage(message)) subscriber.next(chunk);
  }
}
