import type { DeveloperMessage } from './Message.js';
import { messageHead, type MessageOptions } from './messageHead.js';
import type { ContentInput } from './toContent.js';

/**
 * Makes a message from the program's developer, for models that tell it apart from `system`.
 *
 * *Errors*: `INVALID_MESSAGE` for content that is neither a string nor blocks.
 *
 * @example
 * ```ts
 * import { developer } from 'rivulet';
 *
 * const message = developer('Answer in JSON.', { id: 'rules' });
 * ```
 */
export function developer(content: ContentInput, options: MessageOptions = {}): DeveloperMessage {
  return Object.freeze(messageHead('developer', content, options));
}
