import type { Usage } from '../../../core/events/RunEvent.js';
import type { CitationBlock } from '../../messages/ContentBlock.js';
import { messageChunk } from '../../messages/messageChunk.js';
import type { FinishReason, MessageChunk } from '../../messages/Message.js';
import type { AnswerReader } from './OpenAIApi.js';
import { errorIn, protocolError, type ErrorBody } from './openaiError.js';
import { toSignature } from './reasoningSignature.js';

/** The fields of the events that are read here, all in one: the events differ by `type`. */
interface WireEvent {
  readonly type?: string;
  readonly response?: WireResponse;
  readonly output_index?: number;
  readonly summary_index?: number;
  readonly content_index?: number;
  readonly item?: WireItem;
  readonly delta?: string;
  readonly annotation?: WireAnnotation;
  readonly error?: ErrorBody;
}

interface WireResponse {
  readonly object?: string;
  readonly id?: string;
  readonly model?: string;
  readonly service_tier?: string | null;
  readonly status?: string;
  readonly error?: ErrorBody | null;
  readonly incomplete_details?: { readonly reason?: string } | null;
  readonly output?: readonly WireItem[];
  readonly usage?: WireUsage | null;
}

interface WireItem {
  readonly type?: string;
  readonly id?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly encrypted_content?: string | null;
  readonly summary?: readonly WirePart[];
  readonly content?: readonly WirePart[];
}

interface WirePart {
  readonly type?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly annotations?: readonly WireAnnotation[];
}

interface WireAnnotation {
  readonly type?: string;
  readonly url?: string;
  readonly title?: string;
  readonly filename?: string;
  readonly start_index?: number;
  readonly end_index?: number;
}

interface WireUsage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly input_tokens_details?: { readonly cached_tokens?: number; readonly cache_write_tokens?: number };
  readonly output_tokens_details?: { readonly reasoning_tokens?: number };
}

/** Reads the Responses API: the events of a stream, or a whole response. */
export class ResponseReader implements AnswerReader {
  finished = false;
  private id: string | undefined;
  private refused = false;
  /** The calls by their place in the output, and whether their arguments came in pieces. */
  private readonly calls = new Map<number, { argued: boolean }>();
  private reasoningPart: string | undefined;
  private citations: CitationBlock[] = [];

  constructor(
    private readonly provider: string,
    private readonly fallbackId: () => string,
  ) {}

  read(event: unknown, out: MessageChunk[]): void {
    if (typeof event !== 'object' || event === null) throw protocolError(this.provider, 'an event is not an object');
    const whole = event as WireResponse;
    if (whole.object === 'response') this.readWhole(whole, out);
    else this.readEvent(event as WireEvent, out);
  }

  private readEvent(event: WireEvent, out: MessageChunk[]): void {
    const { type, output_index: index = 0, delta = '' } = event;
    if (event.response?.id) this.id ??= event.response.id;
    switch (type) {
      case 'response.output_text.delta':
        return this.push(out, { text: delta });
      case 'response.refusal.delta':
        this.refused = true;
        return this.push(out, { text: delta });
      case 'response.reasoning_text.delta':
      case 'response.reasoning_summary_text.delta':
        return this.readReasoning(event, out);
      case 'response.output_item.added':
        return event.item && this.began(event.item, index, out);
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return this.readArguments(index, delta, out);
      case 'response.output_text.annotation.added':
        return void (event.annotation && this.citations.push(toCitation(event.annotation)));
      case 'response.output_item.done':
        return event.item && this.ended(event.item, index, out);
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return event.response && this.finish(event.response, out);
      case 'error':
        throw errorIn(this.provider, event.error ?? (event as ErrorBody));
      case undefined:
        throw event.error ? errorIn(this.provider, event.error) : protocolError(this.provider, 'an event has no type');
    }
  }

  private readWhole(response: WireResponse, out: MessageChunk[]): void {
    if (response.id) this.id ??= response.id;
    for (const [index, item] of (response.output ?? []).entries()) {
      this.began(item, index, out);
      if (item.type === 'message') this.readParts(item.content ?? [], out);
      else if (item.type === 'reasoning') this.push(out, { reasoning: textOf(item) });
      this.ended(item, index, out);
    }
    this.finish(response, out);
  }

  private readParts(parts: readonly WirePart[], out: MessageChunk[]): void {
    for (const { text, refusal, annotations = [] } of parts) {
      if (refusal) this.refused = true;
      this.push(out, { text: text ?? refusal ?? '' });
      this.citations.push(...annotations.map(toCitation));
    }
  }

  /** The parts of one reasoning item are paragraphs. */
  private readReasoning({ delta = '', summary_index, content_index }: WireEvent, out: MessageChunk[]): void {
    const part = summary_index === undefined ? `content ${content_index}` : `summary ${summary_index}`;
    const isNext = this.reasoningPart !== undefined && this.reasoningPart !== part;
    this.reasoningPart = part;
    this.push(out, { reasoning: isNext ? `\n\n${delta}` : delta });
  }

  private began(item: WireItem, index: number, out: MessageChunk[]): void {
    if (!isCall(item) || this.calls.has(index)) return;
    this.calls.set(index, { argued: false });
    this.push(out, { toolCalls: [{ index, id: item.call_id ?? `call_${this.fallbackId()}`, ...(item.name && { name: item.name }) }] });
  }

  private readArguments(index: number, args: string, out: MessageChunk[]): void {
    const call = this.calls.get(index);
    if (call) call.argued = true;
    this.push(out, { toolCalls: [{ index, args }] });
  }

  private ended(item: WireItem, index: number, out: MessageChunk[]): void {
    this.reasoningPart = undefined;
    if (item.type === 'message') this.cite(out);
    else if (item.type === 'reasoning') this.push(out, { signature: toSignature({ ...item, id: item.id ?? '' }) });
    else if (isCall(item)) this.endCall(item, index, out);
    else this.push(out, { block: { type: 'provider', provider: 'openai', value: item } });
  }

  private endCall(item: WireItem, index: number, out: MessageChunk[]): void {
    this.began(item, index, out);
    const args = item.arguments ?? item.input;
    if (args && !this.calls.get(index)?.argued) this.readArguments(index, args, out);
  }

  /** Citations come in the middle of the text that they are about, and make it two blocks: they wait for its end. */
  private cite(out: MessageChunk[]): void {
    for (const block of this.citations) this.push(out, { block });
    this.citations = [];
  }

  private finish(response: WireResponse, out: MessageChunk[]): void {
    const { status, error, model, service_tier, usage } = response;
    if (error || status === 'failed') throw errorIn(this.provider, error ?? 'the response failed, without a reason');
    if (status !== 'completed' && status !== 'incomplete') return;
    this.finished = true;
    this.cite(out);
    this.push(out, {
      finishReason: this.finishReason(response),
      ...(usage && { usage: toUsage(usage) }),
      metadata: { ...(model && { model }), ...(service_tier && { serviceTier: service_tier }), ...(this.refused && { refusal: true }) },
    });
  }

  private finishReason({ status, incomplete_details }: WireResponse): FinishReason {
    if (this.refused) return 'content_filter';
    if (status === 'completed') return this.calls.size > 0 ? 'tool_calls' : 'stop';
    return INCOMPLETE[incomplete_details?.reason ?? ''] ?? 'other';
  }

  private push(out: MessageChunk[], fields: Omit<MessageChunk, 'id'>): void {
    out.push(messageChunk({ id: (this.id ??= this.fallbackId()), ...fields }));
  }
}

const INCOMPLETE: Readonly<Record<string, FinishReason>> = { max_output_tokens: 'length', content_filter: 'content_filter' };

const isCall = ({ type }: WireItem): boolean => type === 'function_call' || type === 'custom_tool_call';

const textOf = ({ content = [], summary = [] }: WireItem): string => [...content, ...summary].map(({ text = '' }) => text).join('\n\n');

function toCitation({ url, title, filename, start_index: start, end_index: end }: WireAnnotation): CitationBlock {
  const called = title ?? filename;
  return { type: 'citation', ...(url && { url }), ...(called && { title: called }), ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
}

function toUsage({ input_tokens = 0, output_tokens = 0, input_tokens_details, output_tokens_details }: WireUsage): Usage {
  const cachedInputTokens = input_tokens_details?.cached_tokens;
  const cacheWriteTokens = input_tokens_details?.cache_write_tokens;
  const reasoningTokens = output_tokens_details?.reasoning_tokens;
  return {
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  };
}
