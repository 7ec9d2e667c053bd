import type { Usage } from '../../../core/events/RunEvent.js';
import type { ContentBlock } from '../../messages/ContentBlock.js';
import type { Message, MessageChunk, ToolCallDelta } from '../../messages/Message.js';
import { messageChunk } from '../../messages/messageChunk.js';
import { ModelError } from '../ModelError.js';
import { fillText, fillValue } from './fillTemplate.js';
import type { ScriptChunking, ScriptMatch, ScriptRule } from './scriptRule.js';

const PIECES: Readonly<Record<ScriptChunking, RegExp>> = {
  word: /\S+\s*|\s+/gu,
  token: / ?[\p{L}\p{N}]{1,4}|[^]/gu,
  char: /[^]/gu,
};

export interface ScriptChunkOptions {
  /** The message's. */
  readonly id: string;
  readonly modelId: string;
  readonly chunk: ScriptChunking;
  /** What `metadata.rule` says. */
  readonly label: string;
}

/** The answer of a rule, piece by piece: its reasoning, its text, its tool calls, and a last chunk with the account; or its error. */
export function* scriptChunks(rule: ScriptRule, match: ScriptMatch, { id, modelId, chunk, label }: ScriptChunkOptions): Generator<MessageChunk> {
  const reasoning = fillText(rule.reasoning ?? '', match);
  const reply = typeof rule.reply === 'function' ? rule.reply(match) : fillText(rule.reply ?? '', match);
  const calls = typeof rule.calls === 'function' ? rule.calls(match) : (rule.calls ?? []).map(({ name, args }) => ({ name, args: fillValue(args, match) }));
  const written = calls.map(({ args }) => JSON.stringify(args ?? {}));

  for (const piece of piecesOf(reasoning, chunk)) yield messageChunk({ id, reasoning: piece });
  for (const piece of piecesOf(reply, chunk)) yield messageChunk({ id, text: piece });
  for (const [index, { name }] of calls.entries()) {
    yield callChunk(id, { index, id: `call_${id}_${index}`, name });
    for (const args of piecesOf(written[index] as string, chunk)) yield callChunk(id, { index, args });
  }
  if (rule.error) throw modelError(rule.error, modelId, label);
  const usage = usageOf(match.request.messages, reasoning.length, reply.length + lengthOf(written));
  yield messageChunk({ id, usage, finishReason: calls.length > 0 ? 'tool_calls' : 'stop', metadata: { scripted: true, rule: label } });
}

function callChunk(id: string, delta: ToolCallDelta): MessageChunk {
  return messageChunk({ id, toolCalls: [delta] });
}

function* piecesOf(text: string, chunk: ScriptChunking): Generator<string> {
  for (const [piece] of text.matchAll(PIECES[chunk])) yield piece;
}

function modelError({ code, message = 'the script says so', retryAfterMs }: NonNullable<ScriptRule['error']>, provider: string, label: string): ModelError {
  return new ModelError(code, `${message}. It is the script's own error, of ${label}`, { provider, retryAfterMs });
}

/** Four characters a token, whatever the language: an account that is the same every time. */
const tokens = (chars: number): number => Math.ceil(chars / 4);

function usageOf(messages: readonly Message[], reasoningChars: number, answerChars: number): Usage {
  const inputChars = messages.reduce((chars, { content }) => chars + content.reduce((sum, block) => sum + charsOf(block), 0), 0);
  const reasoningTokens = tokens(reasoningChars);
  return {
    inputTokens: tokens(inputChars),
    outputTokens: reasoningTokens + tokens(answerChars),
    ...(reasoningTokens > 0 && { reasoningTokens }),
  };
}

function charsOf(block: ContentBlock): number {
  switch (block.type) {
    case 'text':
    case 'reasoning':
      return block.text.length;
    case 'tool_call':
      return block.name.length + (block.raw ?? JSON.stringify(block.args) ?? '').length;
    case 'tool_result':
      return block.content.reduce((sum, inner) => sum + charsOf(inner), 0);
    default:
      return 0;
  }
}

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);
