import type { CitationBlock } from '../../messages/ContentBlock.js';
import { messageChunk } from '../../messages/messageChunk.js';
import type { FinishReason, MessageChunk, ToolCallDelta } from '../../messages/Message.js';
import type { Usage } from '../../../core/events/RunEvent.js';
import type { AnswerReader } from './OpenAIApi.js';
import { errorIn, protocolError, type ErrorBody } from './openaiError.js';

/** A chunk, or a whole completion, as it may really come: compatible servers add to it and leave out of it. */
interface WireCompletion {
  readonly id?: string | null;
  readonly model?: string;
  readonly service_tier?: string | null;
  readonly system_fingerprint?: string | null;
  readonly choices?: readonly WireChoice[];
  readonly usage?: WireUsage | null;
  readonly error?: ErrorBody | string;
}

interface WireChoice {
  readonly index?: number;
  readonly finish_reason?: string | null;
  readonly delta?: WireMessage;
  readonly message?: WireMessage;
}

interface WireMessage {
  readonly content?: string | null;
  readonly refusal?: string | null;
  /** What DeepSeek, vLLM and llama.cpp call the reasoning. */
  readonly reasoning_content?: string | null;
  /** What OpenRouter, Ollama and Groq call it. */
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly WireToolCall[] | null;
  readonly annotations?: readonly WireAnnotation[] | null;
}

interface WireToolCall {
  readonly index?: number;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null };
  readonly custom?: { readonly name?: string | null; readonly input?: string | null };
}

interface WireAnnotation {
  readonly type?: string;
  readonly url_citation?: { readonly url?: string; readonly title?: string; readonly start_index?: number; readonly end_index?: number };
}

interface WireUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null; readonly cache_write_tokens?: number | null } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
}

interface Call {
  readonly index: number;
  readonly id: string;
}

/** Reads Chat Completions: chunks of a stream, or a whole completion, which is read as one chunk. */
export class CompletionReader implements AnswerReader {
  finished = false;
  private id: string | undefined;
  private refused = false;
  private readonly calls = new Map<number, Call>();
  private callCount = 0;
  private citations: CitationBlock[] = [];

  constructor(
    private readonly provider: string,
    private readonly fallbackId: () => string,
  ) {}

  read(event: unknown, out: MessageChunk[]): void {
    const completion = event as WireCompletion;
    if (typeof event !== 'object' || event === null) throw protocolError(this.provider, 'an event is not an object');
    if (completion.error) throw errorIn(this.provider, completion.error);
    const id = (this.id ??= completion.id || this.fallbackId());
    const choice = completion.choices?.find(({ index = 0 }) => index === 0);
    const message = choice?.delta ?? choice?.message;
    if (message) this.readMessage(id, message, out);
    if (choice?.finish_reason) this.finish(id, choice.finish_reason, completion, out);
    if (completion.usage) out.push(messageChunk({ id, usage: toUsage(completion.usage) }));
  }

  private readMessage(id: string, message: WireMessage, out: MessageChunk[]): void {
    const reasoning = message.reasoning_content ?? message.reasoning;
    const text = message.content || message.refusal;
    const calls = message.tool_calls?.length ? message.tool_calls.map(this.toDelta) : undefined;
    if (message.refusal) this.refused = true;
    if (message.annotations) this.citations.push(...message.annotations.flatMap(toCitation));
    if (reasoning || text || calls) out.push(messageChunk({ id, ...(reasoning && { reasoning }), ...(text && { text }), ...(calls && { toolCalls: calls }) }));
  }

  private readonly toDelta = (call: WireToolCall, position: number): ToolCallDelta => {
    const place = call.index ?? position;
    const known = this.calls.get(place);
    const args = call.function?.arguments ?? call.custom?.input;
    // Some servers number every call 0, or none: another id in the same place is another call.
    if (known && (!call.id || call.id === known.id)) return { index: known.index, ...(args && { args }) };
    const opened = { index: this.callCount++, id: call.id || `call_${this.fallbackId()}` };
    this.calls.set(place, opened);
    const name = call.function?.name ?? call.custom?.name;
    return { ...opened, ...(name && { name }), ...(args && { args }) };
  };

  private finish(id: string, reason: string, completion: WireCompletion, out: MessageChunk[]): void {
    this.finished = true;
    for (const block of this.citations) out.push(messageChunk({ id, block }));
    this.citations = [];
    out.push(messageChunk({ id, finishReason: this.finishReason(reason), metadata: metadataOf(completion, this.refused) }));
  }

  /** A forced call ends with `stop` at OpenAI, and any call does at some servers; a refusal does everywhere. */
  private finishReason(reason: string): FinishReason {
    if (this.refused) return 'content_filter';
    if (this.callCount > 0 && reason === 'stop') return 'tool_calls';
    return FINISH_REASONS[reason] ?? 'other';
  }
}

const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
};

function toCitation({ url_citation: cited }: WireAnnotation): readonly CitationBlock[] {
  if (!cited) return [];
  const { url, title, start_index: start, end_index: end } = cited;
  return [{ type: 'citation', ...(url && { url }), ...(title && { title }), ...(start !== undefined && { start }), ...(end !== undefined && { end }) }];
}

function toUsage({ prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details }: WireUsage): Usage {
  const cachedInputTokens = prompt_tokens_details?.cached_tokens;
  const cacheWriteTokens = prompt_tokens_details?.cache_write_tokens;
  const reasoningTokens = completion_tokens_details?.reasoning_tokens;
  return {
    inputTokens: prompt_tokens ?? 0,
    outputTokens: completion_tokens ?? 0,
    ...(cachedInputTokens != null && { cachedInputTokens }),
    ...(cacheWriteTokens != null && { cacheWriteTokens }),
    ...(reasoningTokens != null && { reasoningTokens }),
  };
}

function metadataOf({ model, service_tier, system_fingerprint }: WireCompletion, refusal: boolean): Readonly<Record<string, unknown>> {
  return {
    ...(model && { model }),
    ...(service_tier && { serviceTier: service_tier }),
    ...(system_fingerprint && { systemFingerprint: system_fingerprint }),
    ...(refusal && { refusal }),
  };
}
