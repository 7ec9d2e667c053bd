import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { ContentBlock, FileBlock, ImageBlock, AudioBlock, ReasoningBlock, TextBlock, ToolCallBlock, ToolResultBlock } from '../../messages/ContentBlock.js';
import type { AssistantMessage, Message, ToolMessage, UserMessage } from '../../messages/Message.js';
import type { Body } from './OpenAIApi.js';
import { toDataUrl } from './toDataUrl.js';
import { argumentsOf, wireName } from './openaiTools.js';

/** What differs between servers of the Chat Completions protocol. */
export interface CompletionDialect {
  /** Whether it tells `developer` from `system`. */
  readonly developerRole: boolean;
  /** The field in which earlier reasoning goes back to the model; without one it is left out, as most servers want. */
  readonly reasoningField?: string | undefined;
  /** Names of the tools that take text in place of JSON. */
  readonly customTools: ReadonlySet<string>;
}

/** Messages as Chat Completions takes them. */
export function toCompletionMessages(messages: readonly Message[], dialect: CompletionDialect): readonly Body[] {
  return messages.flatMap((message) => toBodies(message, dialect));
}

function toBodies(message: Message, dialect: CompletionDialect): readonly Body[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [{ role: dialect.developerRole ? message.role : 'system', ...named(message), content: textOnly(message.content, `a ${message.role} message`) }];
    case 'user':
      return fromUser(message);
    case 'assistant':
      return [fromAssistant(message, dialect)];
    case 'tool':
      return [fromTool(message)];
  }
}

const named = ({ name }: Message): Body => (name === undefined ? {} : { name: wireName(name) });

const isType =
  <T extends ContentBlock['type']>(type: T) =>
  (block: ContentBlock): block is Extract<ContentBlock, { readonly type: T }> =>
    block.type === type;

/** The results of tools in a user's turn are messages of their own here, and come first. */
function fromUser(message: UserMessage): readonly Body[] {
  const results = message.content.filter(isType('tool_result')).map(fromResult);
  const others = message.content.filter(({ type }) => type !== 'tool_result');
  return others.length === 0 && results.length > 0 ? results : [...results, { role: 'user', ...named(message), content: toContent(others) }];
}

const fromResult = ({ toolCallId, content }: ToolResultBlock): Body => ({ role: 'tool', tool_call_id: toolCallId, content: textOnly(content, 'a tool result') });

const fromTool = ({ toolCallId, content }: ToolMessage): Body => fromResult({ type: 'tool_result', toolCallId, content });

function fromAssistant(message: AssistantMessage, { reasoningField, customTools }: CompletionDialect): Body {
  const texts = message.content.filter(isType('text'));
  const calls = message.content.filter(isType('tool_call')).map((call) => toCall(call, customTools));
  const reasoning = reasoningField === undefined ? '' : message.content.filter(isType('reasoning')).map((block: ReasoningBlock) => block.text).join('');
  return {
    role: 'assistant',
    ...named(message),
    content: texts.length === 0 && calls.length > 0 ? null : plainText(texts),
    ...(reasoning !== '' && { [reasoningField ?? '']: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function toCall({ id, name, args, raw }: ToolCallBlock, customTools: ReadonlySet<string>): Body {
  if (customTools.has(name)) return { id, type: 'custom', custom: { name, input: raw ?? String(args) } };
  return { id, type: 'function', function: { name, arguments: argumentsOf(args, raw) } };
}

/** A single text is a string, which every server takes. */
const plainText = (texts: readonly TextBlock[]): string | readonly Body[] =>
  texts.length > 1 ? texts.map(({ text }) => ({ type: 'text', text })) : (texts[0]?.text ?? '');

function textOnly(content: readonly ContentBlock[], where: string): string | readonly Body[] {
  const other = content.find(({ type }) => type !== 'text' && type !== 'citation');
  if (other) throw unsupported(`${where} with a block of type '${other.type}'`, 'Give text there, or use openaiResponses, which takes images and files in tool results');
  return plainText(content.filter(isType('text')));
}

function toContent(blocks: readonly ContentBlock[]): string | readonly Body[] {
  if (blocks.every(isType('text'))) return plainText(blocks);
  return blocks.flatMap(toPart);
}

function toPart(block: ContentBlock): readonly Body[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text }];
    case 'image':
      return [{ type: 'image_url', image_url: { url: imageUrl(block), ...(block.detail && { detail: block.detail }) } }];
    case 'audio':
      return [{ type: 'input_audio', input_audio: toAudio(block) }];
    case 'file':
      return [{ type: 'file', file: toFile(block) }];
    case 'provider':
      return block.provider === 'openai' ? [block.value as Body] : [];
    case 'citation':
    case 'reasoning':
      return [];
    default:
      throw unsupported(`a user message with a block of type '${block.type}'`, 'Put it into an assistant or a tool message');
  }
}

function imageUrl({ source }: ImageBlock): string {
  if ('url' in source) return source.url;
  if ('base64' in source) return toDataUrl(source);
  throw unsupported('an image by file id', 'Give its url or its bytes, or use openaiResponses');
}

function toAudio({ source }: AudioBlock): Body {
  if (!('base64' in source)) throw unsupported('audio by url or file id', 'Give its bytes: { base64, mediaType }');
  return { data: source.base64, format: /mpeg|mp3/.test(source.mediaType) ? 'mp3' : source.mediaType.replace(/^audio\/(x-)?/, '') };
}

function toFile({ source, filename }: FileBlock): Body {
  if ('fileId' in source) return { file_id: source.fileId };
  if ('base64' in source) return { file_data: toDataUrl(source), filename: filename ?? 'file' };
  throw unsupported('a file by url', 'Give its bytes or a file id, or use openaiResponses');
}

function unsupported(what: string, instead: string): RivuletError {
  return new RivuletError('INVALID_MESSAGE', `Chat Completions does not take ${what}. ${instead}`);
}
