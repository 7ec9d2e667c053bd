import { RivuletError } from '../../core/errors/RivuletError.js';
import { frozenCopy } from '../../core/flow/frozenCopy.js';
import { checkBlock } from './checkBlock.js';
import type { ContentBlock } from './ContentBlock.js';

/** What a person writes as content: a string, or blocks. */
export type ContentInput = string | readonly ContentBlock[];

/** Frozen blocks; a string is one text block, and an empty one is none. */
export function toContent(content: ContentInput): readonly ContentBlock[] {
  if (typeof content === 'string') return Object.freeze(content === '' ? [] : [Object.freeze({ type: 'text', text: content } as const)]);
  if (!Array.isArray(content)) throw new RivuletError('INVALID_MESSAGE', `a message's content is ${content === null ? 'null' : typeof content}. Give a string or a list of content blocks`);
  return Object.freeze((content as readonly ContentBlock[]).map(toBlock));
}

function toBlock(block: ContentBlock): ContentBlock {
  checkBlock(block);
  return Object.isFrozen(block) ? block : frozenCopy(block);
}
