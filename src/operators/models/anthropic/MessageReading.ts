import type { ContentBlock as AnthropicBlock, RawContentBlockDelta, RawMessageDeltaEvent, RawMessageStreamEvent, TextCitation, ThinkingBlock, ToolUseBlock } from '@anthropic-ai/sdk/resources/messages';
import type { MessageChunk, ToolCallDelta } from '../../messages/Message.js';
import { messageChunk } from '../../messages/messageChunk.js';
import { toCitation } from './AnthropicCitation.js';
import { failureIn } from './anthropicError.js';
import { finishReasonOf } from './finishReasonOf.js';
import { toolUseOf, type ToolUse } from './ToolUse.js';
import { toUsage, type TokenCounts } from './toUsage.js';

/** A content block on its way, with what is told of it only at its end. */
type OpenBlock =
  | { readonly type: 'text'; readonly citations: TextCitation[] }
  | { readonly type: 'thinking'; said: boolean }
  | { readonly type: 'call'; readonly index: number; readonly input: unknown; said: boolean }
  | { readonly type: 'provider'; readonly value: AnthropicBlock; json: string };

/**
 * Turns the events of one message into its chunks. What it can tell as it comes it tells at once; citations come after the text
 * they support, and blocks of the provider's own come whole.
 */
export class MessageReading {
  private finished = false;
  private id = '';
  private model = '';
  private counts: TokenCounts = {};
  private calls = 0;
  private readonly open = new Map<number, OpenBlock>();
  private readonly toolUses: Record<string, ToolUse> = {};

  /**
   * @param out where the chunks go
   * @param newId makes the message's id where a gateway sends none
   */
  constructor(
    private readonly out: MessageChunk[],
    private readonly newId: () => string,
  ) {}

  /** Whether the message came to its end. */
  get complete(): boolean {
    return this.finished;
  }

  /** Whether anything came at all. */
  get begun(): boolean {
    return this.id !== '';
  }

  read(event: RawMessageStreamEvent): void {
    switch (event.type) {
      case 'message_start':
        this.id = event.message.id || this.newId();
        this.model = event.message.model;
        this.counts = event.message.usage ?? {};
        return;
      case 'content_block_start':
        return this.begin(event.index, event.content_block);
      case 'content_block_delta':
        return this.grow(event.index, event.delta);
      case 'content_block_stop':
        return this.end(event.index);
      case 'message_delta':
        return this.close(event);
      case 'message_stop':
        this.finished = true;
        return;
      default:
        failureIn(event); // other new kinds of event may come at any time and are to be passed over
    }
  }

  private begin(at: number, block: AnthropicBlock): void {
    switch (block.type) {
      case 'text':
        this.open.set(at, { type: 'text', citations: [...(block.citations ?? [])] });
        if (block.text) this.tell({ text: block.text });
        return;
      case 'thinking':
        return this.beginThinking(at, block);
      case 'redacted_thinking':
        return this.tell({ block: { type: 'reasoning', text: '', redacted: block.data } });
      case 'tool_use':
        return this.beginCall(at, block);
      default:
        this.open.set(at, { type: 'provider', value: block, json: '' });
    }
  }

  private beginThinking(at: number, { thinking, signature }: ThinkingBlock): void {
    const open: OpenBlock = { type: 'thinking', said: false };
    this.open.set(at, open);
    if (thinking) this.think(open, thinking);
    if (signature) this.sign(open, signature);
  }

  private beginCall(at: number, block: ToolUseBlock): void {
    const { id, name, input } = block;
    const use = toolUseOf(block);
    if (use) this.toolUses[id] = use;
    this.open.set(at, { type: 'call', index: this.calls, input, said: false });
    this.call({ index: this.calls++, id, name });
  }

  private grow(at: number, delta: RawContentBlockDelta): void {
    const open = this.open.get(at);
    switch (delta.type) {
      case 'text_delta':
        if (delta.text) this.tell({ text: delta.text });
        return;
      case 'thinking_delta':
        if (delta.thinking) this.think(open, delta.thinking);
        return;
      case 'signature_delta':
        return this.sign(open, delta.signature);
      case 'citations_delta':
        if (open?.type === 'text') open.citations.push(delta.citation);
        return;
      case 'input_json_delta':
        if (delta.partial_json) this.growInput(open, delta.partial_json);
    }
  }

  private growInput(open: OpenBlock | undefined, json: string): void {
    if (open?.type === 'provider') open.json += json;
    if (open?.type !== 'call') return;
    open.said = true;
    this.call({ index: open.index, args: json });
  }

  private think(open: OpenBlock | undefined, reasoning: string): void {
    if (open?.type === 'thinking') open.said = true;
    this.tell({ reasoning });
  }

  /** A thought that is kept secret has a signature alone: it comes whole, lest its signature be taken for that of the thought before. */
  private sign(open: OpenBlock | undefined, signature: string): void {
    if (open?.type === 'thinking' && !open.said) this.tell({ block: { type: 'reasoning', text: '', signature } });
    else this.tell({ signature });
  }

  private end(at: number): void {
    const open = this.open.get(at);
    this.open.delete(at);
    if (open?.type === 'text') for (const citation of open.citations) this.tell({ block: toCitation(citation) });
    if (open?.type === 'call' && !open.said && !isEmpty(open.input)) this.call({ index: open.index, args: JSON.stringify(open.input) });
    if (open?.type === 'provider') {
      const value = open.json === '' ? open.value : { ...open.value, input: JSON.parse(open.json) as unknown };
      this.tell({ block: { type: 'provider', provider: 'anthropic', value } });
    }
  }

  private close({ delta, usage }: RawMessageDeltaEvent): void {
    const { stop_reason: stopReason, stop_sequence: stopSequence, stop_details: refusal, container } = delta;
    for (const [key, count] of Object.entries(usage ?? {})) if (count != null) this.counts = { ...this.counts, [key]: count };
    this.tell({
      usage: toUsage(this.counts),
      ...(stopReason && { finishReason: finishReasonOf(stopReason) }),
      metadata: {
        provider: 'anthropic',
        model: this.model,
        ...(stopReason && { stopReason }),
        ...(stopSequence && { stopSequence }),
        ...(refusal && { refusal }),
        ...(container && { container }),
        ...(!isEmpty(this.toolUses) && { toolUses: this.toolUses }),
      },
    });
  }

  private call(delta: ToolCallDelta): void {
    this.tell({ toolCalls: [delta] });
  }

  private tell(fields: Omit<MessageChunk, 'id'>): void {
    this.out.push(messageChunk({ id: this.id, ...fields }));
  }
}

const isEmpty = (value: unknown): boolean => value == null || (typeof value === 'object' && Object.keys(value).length === 0);
