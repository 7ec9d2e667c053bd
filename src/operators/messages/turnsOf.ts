import type { Message } from './Message.js';

/** Messages that only make sense together: one, or an assistant's tool calls with the results that follow them. */
export type Turn = readonly Message[];

/** Splits a conversation so that no tool result stands apart from its call. */
export function turnsOf(messages: readonly Message[]): readonly Turn[] {
  const turns: Message[][] = [];
  let calls = new Set<string>();
  for (const message of messages) {
    const turn = turns.at(-1);
    if (turn && message.role === 'tool' && calls.has(message.toolCallId)) turn.push(message);
    else {
      turns.push([message]);
      calls = new Set(message.role === 'assistant' ? message.toolCalls.map(({ id }) => id) : []);
    }
  }
  return turns;
}
