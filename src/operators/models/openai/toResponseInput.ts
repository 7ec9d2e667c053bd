import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { ContentBlock, FileBlock, ImageBlock, ReasoningBlock, ToolCallBlock } from '../../messages/ContentBlock.js';
import type { AssistantMessage, Message, UserMessage } from '../../messages/Message.js';
import type { Body } from './OpenAIApi.js';
import { argumentsOf } from './openaiTools.js';
import { fromSignature } from './reasoningSignature.js';
import { toDataUrl } from './toDataUrl.js';

/** Messages as the items that the Responses API takes; `customTools` are the names of tools that take text in place of JSON. */
export function toResponseInput(messages: readonly Message[], customTools: ReadonlySet<string>): readonly Body[] {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const customCalls = new Set(calls.filter(({ name }) => customTools.has(name)).map(({ id }) => id));
  return messages.flatMap((message) => toItems(message, customCalls));
}

function toItems(message: Message, customCalls: ReadonlySet<string>): readonly Body[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [{ role: message.role, content: toContent(message.content) }];
    case 'user':
      return fromUser(message, customCalls);
    case 'assistant':
      return fromAssistant(message, customCalls);
    case 'tool':
      return [toResult(message.toolCallId, message.content, customCalls)];
  }
}

/** The results of tools in a user's turn are items of their own here, and come first. */
function fromUser({ content }: UserMessage, customCalls: ReadonlySet<string>): readonly Body[] {
  const results: Body[] = [];
  const others: ContentBlock[] = [];
  for (const block of content) {
    if (block.type === 'tool_result') results.push(toResult(block.toolCallId, block.content, customCalls));
    else others.push(block);
  }
  return others.length === 0 && results.length > 0 ? results : [...results, { role: 'user', content: toContent(others) }];
}

const toResult = (callId: string, content: readonly ContentBlock[], customCalls: ReadonlySet<string>): Body => ({
  type: customCalls.has(callId) ? 'custom_tool_call_output' : 'function_call_output',
  call_id: callId,
  output: toContent(content),
});

/** Blocks in their order, the texts between others as one message. What the API takes from no model is left out. */
function fromAssistant({ content }: AssistantMessage, customCalls: ReadonlySet<string>): readonly Body[] {
  const items: Body[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') items.push({ role: 'assistant', content: text });
    text = '';
  };
  for (const block of content) {
    if (block.type === 'text') text += block.text;
    const item = toItem(block, customCalls);
    if (!item) continue;
    endText();
    items.push(item);
  }
  endText();
  return items;
}

function toItem(block: ContentBlock, customCalls: ReadonlySet<string>): Body | undefined {
  if (block.type === 'tool_call') return toCall(block, customCalls);
  if (block.type === 'reasoning') return toReasoning(block);
  return block.type === 'provider' && block.provider === 'openai' ? (block.value as Body) : undefined;
}

function toCall({ id, name, args, raw }: ToolCallBlock, customCalls: ReadonlySet<string>): Body {
  if (customCalls.has(id)) return { type: 'custom_tool_call', call_id: id, name, input: raw ?? String(args) };
  return { type: 'function_call', call_id: id, name, arguments: argumentsOf(args, raw) };
}

/** Reasoning goes back only to where it is recognised. */
function toReasoning({ text, signature }: ReasoningBlock): Body | undefined {
  const key = signature === undefined ? undefined : fromSignature(signature);
  return key && { type: 'reasoning', ...key, summary: text === '' ? [] : [{ type: 'summary_text', text }] };
}

/** A single text is a string. */
function toContent(blocks: readonly ContentBlock[]): string | readonly Body[] {
  const [first, ...rest] = blocks;
  if (!first) return '';
  return first.type === 'text' && rest.length === 0 ? first.text : blocks.flatMap(toPart);
}

function toPart(block: ContentBlock): readonly Body[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'input_text', text: block.text }];
    case 'image':
      return [{ type: 'input_image', ...imageSource(block), detail: block.detail ?? 'auto' }];
    case 'file':
      return [{ type: 'input_file', ...fileSource(block) }];
    case 'provider':
      return block.provider === 'openai' ? [block.value as Body] : [];
    case 'citation':
    case 'reasoning':
      return [];
    default:
      throw new RivuletError('INVALID_MESSAGE', `the Responses API does not take a block of type '${block.type}' there. ${block.type === 'audio' ? 'Use openai(model), which takes audio where the model does' : 'Put it into an assistant or a tool message'}`);
  }
}

function imageSource({ source }: ImageBlock): Body {
  if ('fileId' in source) return { file_id: source.fileId };
  return { image_url: 'url' in source ? source.url : toDataUrl(source) };
}

function fileSource({ source, filename }: FileBlock): Body {
  if ('fileId' in source) return { file_id: source.fileId };
  if ('url' in source) return { file_url: source.url };
  return { file_data: toDataUrl(source), filename: filename ?? 'file' };
}
