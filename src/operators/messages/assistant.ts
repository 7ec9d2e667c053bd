import type { Usage } from '../../core/events/RunEvent.js';
import { frozenCopy } from '../../core/flow/frozenCopy.js';
import type { ToolCallBlock } from './ContentBlock.js';
import type { AssistantMessage, FinishReason } from './Message.js';
import { messageHead, type MessageOptions } from './messageHead.js';
import { toContent, type ContentInput } from './toContent.js';

export interface AssistantOptions extends MessageOptions {
  /** Calls added after the content; those that are blocks of it already need not be given. */
  readonly toolCalls?: readonly Omit<ToolCallBlock, 'type'>[] | undefined;
  readonly usage?: Usage | undefined;
  readonly finishReason?: FinishReason | undefined;
}

/**
 * Makes a message as a model would answer it, for histories, examples and tests. Its id is empty unless one is given.
 *
 * *Errors*: `INVALID_MESSAGE` for content that is neither a string nor blocks.
 *
 * @example
 * ```ts
 * import { assistant, toolResult, user } from 'rivulet';
 *
 * const history = [
 *   user('What is 6 × 7?'),
 *   assistant('', { toolCalls: [{ id: 'call-1', name: 'multiply', args: { a: 6, b: 7 } }] }),
 *   toolResult('call-1', '42'),
 *   assistant('It is 42.'),
 * ];
 * ```
 */
export function assistant(content: ContentInput, options: AssistantOptions = {}): AssistantMessage {
  const { toolCalls = [], usage, finishReason } = options;
  const calls = toContent(toolCalls.map((call): ToolCallBlock => ({ ...call, type: 'tool_call' })));
  const head = messageHead('assistant', [...toContent(content), ...calls], options);
  return frozenCopy(head, {
    id: head.id ?? '',
    toolCalls: Object.freeze(head.content.filter((block) => block.type === 'tool_call')),
    ...(usage !== undefined && { usage }),
    ...(finishReason !== undefined && { finishReason }),
  });
}
