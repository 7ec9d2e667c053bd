import type { SystemMessage } from './Message.js';
import { messageHead, type MessageOptions } from './messageHead.js';
import type { ContentInput } from './toContent.js';

/**
 * Makes a message that tells a model how to behave: plain, frozen and safe for JSON.
 *
 * *Errors*: `INVALID_MESSAGE` for content that is neither a string nor blocks.
 *
 * @example
 * ```ts
 * import { system } from 'rivulet';
 *
 * const message = system('Answer in one sentence.');
 * ```
 */
export function system(content: ContentInput, options: MessageOptions = {}): SystemMessage {
  return Object.freeze(messageHead('system', content, options));
}
