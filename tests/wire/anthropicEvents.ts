import type { ContentBlock, Message, MessageDeltaUsage, RawMessageStreamEvent, StopReason } from '@anthropic-ai/sdk/resources/messages';
import { frame } from './WireServer.js';

/** Events as Anthropic sends them, for `sse`. */
export const event = (data: { readonly type: string } & Record<string, unknown>): string => frame(data, data.type);

export const USAGE = {
  input_tokens: 10,
  cache_creation_input_tokens: 20,
  cache_read_input_tokens: 300,
  output_tokens: 1,
  cache_creation: null,
  inference_geo: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: 'standard',
  speed: null,
} as const;

export const start = (message: Partial<Message> = {}): string =>
  event({
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [], stop_reason: null, stop_sequence: null, usage: USAGE, ...message },
  });

export const blockStart = (index: number, content_block: Partial<ContentBlock>): string => event({ type: 'content_block_start', index, content_block });
export const delta = (index: number, fields: Readonly<Record<string, unknown>>): string => event({ type: 'content_block_delta', index, delta: fields });
export const textDelta = (text: string, index = 0): string => delta(index, { type: 'text_delta', text });
export const argsDelta = (index: number, partial_json: string): string => delta(index, { type: 'input_json_delta', partial_json });
export const blockStop = (index: number): string => event({ type: 'content_block_stop', index });
export const stop = (stop_reason: StopReason | 'new_reason' = 'end_turn', usage: Partial<MessageDeltaUsage> = { output_tokens: 7 }, rest: Readonly<Record<string, unknown>> = {}): readonly string[] => [
  event({ type: 'message_delta', delta: { stop_reason, stop_sequence: null, ...rest }, usage }),
  event({ type: 'message_stop' }),
];
export const ping = (): string => event({ type: 'ping' });

/** One block of text, in pieces. */
export const textBlock = (pieces: readonly string[], index = 0): readonly string[] => [
  blockStart(index, { type: 'text', text: '' }),
  ...pieces.map((piece) => textDelta(piece, index)),
  blockStop(index),
];

/** A whole answer of text. */
export const textAnswer = (...pieces: readonly string[]): readonly string[] => [start(), ...textBlock(pieces), ...stop()];

/** How `message` streams: its strings cut by `cut`. */
export function streamed(message: Message, cut: (text: string) => readonly string[]): readonly string[] {
  const { content, stop_reason, stop_sequence, usage, ...head } = message;
  const events: RawMessageStreamEvent[] = [{ type: 'message_start', message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } } }];
  for (const [index, block] of content.entries()) events.push(...streamedBlock(block, index, cut));
  events.push({ type: 'message_delta', delta: { ...head, stop_reason, stop_sequence }, usage }, { type: 'message_stop' });
  return events.map((one) => frame(one, one.type));
}

function streamedBlock(block: ContentBlock, index: number, cut: (text: string) => readonly string[]): RawMessageStreamEvent[] {
  const begin = (content_block: ContentBlock): RawMessageStreamEvent => ({ type: 'content_block_start', index, content_block });
  const end: RawMessageStreamEvent = { type: 'content_block_stop', index };
  switch (block.type) {
    case 'text': {
      const cited = (block.citations ?? []).map((citation): RawMessageStreamEvent => ({ type: 'content_block_delta', index, delta: { type: 'citations_delta', citation } }));
      const said = cut(block.text).map((text): RawMessageStreamEvent => ({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } }));
      // Citations come anywhere among the text.
      return [begin({ ...block, text: '', citations: [] }), ...said.slice(0, 1), ...cited, ...said.slice(1), end];
    }
    case 'thinking': {
      const thought = cut(block.thinking).map((thinking): RawMessageStreamEvent => ({ type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking } }));
      return [begin({ ...block, thinking: '', signature: '' }), ...thought, { type: 'content_block_delta', index, delta: { type: 'signature_delta', signature: block.signature } }, end];
    }
    case 'tool_use':
    case 'server_tool_use': {
      const isEmpty = Object.keys(block.input as object).length === 0;
      const pieces = isEmpty ? [''] : cut(JSON.stringify(block.input));
      return [begin({ ...block, input: {} }), ...pieces.map((partial_json): RawMessageStreamEvent => ({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } })), end];
    }
    default:
      return [begin(block), end];
  }
}
