import type { ContentBlock } from './ContentBlock.js';

/**
 * The text of a message, without reasoning, media and tool calls.
 *
 * @example
 * ```ts
 * import { textOf, user } from 'rivulet';
 *
 * const said = textOf(user('Hi')); // 'Hi'
 * ```
 */
export function textOf({ content }: { readonly content: string | readonly ContentBlock[] }): string {
  if (typeof content === 'string') return content;
  let text = '';
  for (const block of content) if (block.type === 'text') text += block.text;
  return text;
}
