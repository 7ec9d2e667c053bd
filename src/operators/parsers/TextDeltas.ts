import type { AssistantMessage, MessageChunk, ToolMessage } from '../messages/Message.js';
import { textOf } from '../messages/textOf.js';

/** What a text parser reads: a model's chunks, its whole message, or text; the tool results of a loop it passes over. */
export type TextInput = MessageChunk | AssistantMessage | ToolMessage | string;

/** The text in the chunks of one run. */
export class TextDeltas {
  private id: string | undefined;

  /** @param superseded called when a message begins while there was another: as it folds, only the last one counts */
  constructor(private readonly superseded: () => void) {}

  /** The text of a chunk, often none. */
  of(chunk: TextInput): string {
    if (typeof chunk === 'string') return chunk;
    if ('role' in chunk && chunk.role === 'tool') return '';
    if (chunk.id !== this.id) this.begin(chunk.id);
    return (chunk as MessageChunk).text ?? ('content' in chunk ? textOf(chunk) : '');
  }

  private begin(id: string): void {
    const isAnother = this.id !== undefined;
    this.id = id;
    if (isAnother) this.superseded();
  }
}
