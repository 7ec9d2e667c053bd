import type { TextCitation } from '@anthropic-ai/sdk/resources/messages';
import type { CitationBlock, ContentBlock } from '../../messages/ContentBlock.js';

/** A citation as everybody reads it, with Anthropic's own form, which goes back to it unchanged. */
export interface AnthropicCitation extends CitationBlock {
  readonly provider: 'anthropic';
  readonly value: TextCitation;
}

/** `start` and `end` stay out: Anthropic's positions are pages, characters or blocks of the source, not of the answer. */
export function toCitation(value: TextCitation): AnthropicCitation {
  const url = 'url' in value ? value.url : 'source' in value ? value.source : undefined;
  const title = 'title' in value ? value.title : value.document_title;
  return { type: 'citation', text: value.cited_text, ...(url && { url }), ...(title && { title }), provider: 'anthropic', value };
}

/** Whether `block` is a citation that Anthropic made. */
export function isAnthropicCitation(block: ContentBlock): block is AnthropicCitation {
  return block.type === 'citation' && 'provider' in block && block.provider === 'anthropic';
}
