import type { ContentBlockParam, TextBlockParam, TextCitationParam, ToolResultBlockParam, ToolUseBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { AudioBlock, ContentBlock, ReasoningBlock, ToolCallBlock } from '../../messages/ContentBlock.js';
import { isAnthropicCitation } from './AnthropicCitation.js';
import { toFileParam, toImageParam } from './toMediaParam.js';
import type { ToolUse } from './ToolUse.js';

/** What is known of the message whose blocks they are. */
export interface BlockContext {
  readonly role: 'user' | 'assistant';
  /** The model's own thoughts can be proven to their own provider only. */
  readonly isOwn: boolean;
  readonly toolUses: Readonly<Record<string, ToolUse>>;
}

/** Content as Anthropic takes it. What only another provider could read is left out, and so is blank text, which the API refuses. */
export function toBlockParams(content: readonly ContentBlock[], context: BlockContext): ContentBlockParam[] {
  const params: ContentBlockParam[] = [];
  for (const block of content) {
    if (block.type === 'citation') cite(params, block, context);
    else {
      const param = toBlockParam(block, context);
      if (param) params.push(param);
    }
  }
  return params;
}

/** Citations belong to the text before them. The API takes them from assistants alone. */
function cite(params: ContentBlockParam[], block: ContentBlock, { role }: BlockContext): void {
  const text = params.at(-1);
  if (role !== 'assistant' || text?.type !== 'text' || !isAnthropicCitation(block)) return;
  const citations: TextCitationParam[] = [...(text.citations ?? []), block.value];
  params[params.length - 1] = { ...text, citations };
}

type Placed = Exclude<ContentBlock, { readonly type: 'citation' }>;

function toBlockParam(block: Placed, context: BlockContext): ContentBlockParam | undefined {
  switch (block.type) {
    case 'text':
      return toText(block.text);
    case 'reasoning':
      return context.isOwn ? toThinking(block) : undefined;
    case 'image':
      return toImageParam(block);
    case 'file':
      return toFileParam(block);
    case 'audio':
      return toTranscript(block);
    case 'tool_call':
      return toToolUse(block, context);
    case 'tool_result':
      return toToolResult(block.toolCallId, block.content, block.isError, context);
    case 'provider':
      return block.provider === 'anthropic' ? (block.value as ContentBlockParam) : undefined;
  }
}

const toText = (text: string): TextBlockParam | undefined => (text.trim() === '' ? undefined : { type: 'text', text });

function toThinking({ text, signature, redacted }: ReasoningBlock): ContentBlockParam | undefined {
  if (redacted !== undefined) return { type: 'redacted_thinking', data: redacted };
  return signature === undefined || !BASE64.test(signature) ? undefined : { type: 'thinking', thinking: text, signature };
}

/** What Anthropic signs with; another provider's signature would be refused. */
const BASE64 = /^[\w+/=-]+$/;

function toTranscript({ transcript }: AudioBlock): TextBlockParam | undefined {
  if (transcript !== undefined) return toText(transcript);
  throw new RivuletError('INVALID_MESSAGE', 'anthropic takes no audio. Transcribe it first, and give the transcript');
}

/** The API takes objects only. Arguments that aren't one go back as what the model wrote, under the name that Anthropic gives such. */
function toToolUse({ id, name, args, raw }: ToolCallBlock, { toolUses }: BlockContext): ToolUseBlockParam {
  const isObject = typeof args === 'object' && args !== null && !Array.isArray(args);
  const input = isObject ? args : { INVALID_JSON: raw ?? JSON.stringify(args) ?? '' };
  return { type: 'tool_use', id, name, input, ...toolUses[id] };
}

/** The result of a call, for the user's turn. */
export function toToolResult(toolCallId: string, content: readonly ContentBlock[], isError: boolean | undefined, context: BlockContext): ToolResultBlockParam {
  const params = toBlockParams(content, { ...context, role: 'user' });
  const toolset = context.toolUses[toolCallId]?.toolset_name;
  return {
    type: 'tool_result',
    tool_use_id: toolCallId,
    ...(params.length > 0 && { content: params as Extract<ToolResultBlockParam['content'], readonly unknown[]> }),
    ...(isError && { is_error: true }),
    ...(toolset && { toolset_name: toolset }),
  };
}
