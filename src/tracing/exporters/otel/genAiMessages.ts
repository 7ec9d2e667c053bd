/** What is known of a message without knowing its type: traces are told of whatever went in and came out. */
interface MessageLike {
  readonly role: string;
  readonly content: string | readonly BlockLike[];
  readonly finishReason?: string;
  readonly toolCallId?: string;
}

interface BlockLike {
  readonly type: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

/**
 * What a model is asked with, in the form of `gen_ai.input.messages`: texts and messages, one or several.
 * Source: the JSON schemas of the GenAI semantic conventions.
 */
export function inputMessages(inputs: unknown): readonly object[] | undefined {
  const messages = (Array.isArray(inputs) ? inputs : [inputs]).map((item: unknown) => (typeof item === 'string' ? { role: 'user', content: item } : item));
  return messages.every(isMessage) ? messages.map(messageOf) : undefined;
}

/** A model's answer in the form of `gen_ai.output.messages`. */
export function outputMessages(outputs: unknown): readonly object[] | undefined {
  return isMessage(outputs) ? [{ ...messageOf(outputs), finish_reason: outputs.finishReason === 'tool_calls' ? 'tool_call' : (outputs.finishReason ?? 'stop') }] : undefined;
}

function isMessage(value: unknown): value is MessageLike {
  return typeof value === 'object' && value !== null && 'role' in value && 'content' in value && (typeof value.content === 'string' || Array.isArray(value.content));
}

/** A tool's message is one part, whatever it contains: the response to a call. */
function messageOf({ role, content: said, toolCallId }: MessageLike): object {
  const content = typeof said === 'string' ? [{ type: 'text', text: said }] : said;
  if (role === 'tool') return { role, parts: [{ type: 'tool_call_response', id: toolCallId, response: textOf(content) }] };
  return { role: role === 'developer' ? 'system' : role, parts: content.map(partOf) };
}

function partOf(block: BlockLike): object {
  switch (block.type) {
    case 'text':
    case 'reasoning':
      return { type: block.type, content: block.text };
    case 'tool_call':
      return { type: 'tool_call', id: block['id'], name: block['name'], arguments: block['args'] ?? block['raw'] };
    case 'tool_result':
      return { type: 'tool_call_response', id: block['toolCallId'], response: textOf(block['content'] as readonly BlockLike[]) };
    case 'image':
    case 'audio':
    case 'file':
      return mediumPart(block.type, block['source'] as MediumSource);
    default:
      return block;
  }
}

interface MediumSource {
  readonly url?: string;
  readonly base64?: string;
  readonly fileId?: string;
  readonly mediaType?: string;
}

function mediumPart(modality: string, { url, base64, fileId, mediaType }: MediumSource): object {
  const head = { modality, ...(mediaType !== undefined && { mime_type: mediaType }) };
  if (url !== undefined) return { type: 'uri', ...head, uri: url };
  return fileId === undefined ? { type: 'blob', ...head, content: base64 } : { type: 'file', ...head, file_id: fileId };
}

/** Text where there is nothing but text. */
function textOf(content: readonly BlockLike[]): unknown {
  return content.every(({ type }) => type === 'text') ? content.map(({ text }) => text).join('') : content.map(partOf);
}
