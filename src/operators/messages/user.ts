import type { UserMessage } from './Message.js';
import { messageHead, type MessageOptions } from './messageHead.js';
import type { ContentInput } from './toContent.js';

/**
 * Makes a message from the user: a string, or blocks of text, images, audio and files.
 *
 * *Errors*: `INVALID_MESSAGE` for content that is neither a string nor blocks.
 *
 * @example
 * ```ts
 * import { user } from 'rivulet';
 *
 * const message = user([{ type: 'text', text: 'What is this?' }, { type: 'image', source: { url: 'https://example.com/cat.png' } }]);
 * ```
 */
export function user(content: ContentInput, options: MessageOptions = {}): UserMessage {
  return Object.freeze(messageHead('user', content, options));
}
