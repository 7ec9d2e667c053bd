import { RivuletError } from '../../core/errors/RivuletError.js';
import { frozenCopy } from '../../core/flow/frozenCopy.js';
import type { ToolMessage } from './Message.js';
import { messageHead, type MessageOptions } from './messageHead.js';
import type { ContentInput } from './toContent.js';

export interface ToolResultOptions extends MessageOptions {
  /** The call failed; `content` says how, for the model to read. */
  readonly isError?: boolean | undefined;
  /** What the tool made for the program and not for the model. */
  readonly artifact?: unknown;
}

/**
 * Makes the message that answers one tool call of a model.
 *
 * *Errors*: `INVALID_MESSAGE` without a call's id, or for content that is neither a string nor blocks.
 *
 * @param toolCallId the `id` of the `tool_call` block it answers
 *
 * @example
 * ```ts
 * import { toolResult } from 'rivulet';
 *
 * const message = toolResult('call-1', 'no such file', { isError: true });
 * ```
 */
export function toolResult(toolCallId: string, content: ContentInput, options: ToolResultOptions = {}): ToolMessage {
  if (typeof toolCallId !== 'string' || toolCallId === '') {
    throw new RivuletError('INVALID_MESSAGE', "a tool message has no toolCallId. Give the id of the assistant's tool_call that it answers");
  }
  const { isError, artifact } = options;
  return frozenCopy(messageHead('tool', content, options), {
    toolCallId,
    ...(isError !== undefined && { isError }),
    ...(artifact !== undefined && { artifact }),
  });
}
