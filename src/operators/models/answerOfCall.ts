import type { OperatorFunction } from 'rxjs';
import { Link, operate, restartOf } from '../../core/subscription.js';
import type { MessageChunk } from '../messages/Message.js';
import { messageChunk } from '../messages/messageChunk.js';

/**
 * The arguments of a message's first tool call as its text. A model that answered in plain text instead, without a call,
 * is taken at its word once it has ended.
 */
export function answerOfCall(): OperatorFunction<MessageChunk, MessageChunk> {
  return operate((source, subscriber) => {
    const restart = restartOf(subscriber);
    let id = '';
    let call: number | undefined;
    let said = '';

    function begin(message: string): void {
      id = message;
      call = undefined;
      said = '';
    }

    function argsIn({ toolCalls = [] }: MessageChunk): string {
      let args = '';
      for (const delta of toolCalls) {
        call ??= delta.index;
        if (delta.index === call && delta.args) args += delta.args;
      }
      return args;
    }

    const link = new Link<MessageChunk>(subscriber, {
      next: (chunk) => {
        if (chunk.id !== id) begin(chunk.id);
        const text = argsIn(chunk);
        const { finishReason } = chunk;
        if (call === undefined && chunk.text) said += chunk.text;
        if (text !== '' || finishReason) subscriber.next(messageChunk({ id, text, ...(finishReason && { finishReason }) }));
      },
      complete: () => {
        if (call === undefined && said !== '') subscriber.next(messageChunk({ id, text: said }));
        subscriber.complete();
      },
      restart: () => {
        begin('');
        restart();
      },
    });
    source.subscribe(link);
  });
}
