import { RivuletError } from '../../core/errors/RivuletError.js';
import type { Usage } from '../../core/events/RunEvent.js';
import { frozenCopy } from '../../core/flow/frozenCopy.js';
import type { Folding } from '../../core/flow/fold.js';
import type { ContentBlock, ReasoningBlock, TextBlock, ToolCallBlock } from './ContentBlock.js';
import type { AssistantMessage, FinishReason, MessageChunk, ToolCallDelta } from './Message.js';

interface CallDraft {
  readonly type: 'tool_call';
  readonly index: number;
  id: string;
  name: string;
  args: string;
}

/** A block that still grows. */
type Draft =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'reasoning'; text: string; signature?: string }
  | CallDraft
  | { readonly type: 'whole'; readonly block: ContentBlock };

/** Chunks on their way to one assistant message: blocks in the order in which they began. */
export class MessageFolding implements Folding<MessageChunk, AssistantMessage> {
  private id: string | undefined;
  private drafts: Draft[] = [];
  private calls = new Map<number, CallDraft>();
  private call: CallDraft | undefined;
  private usage: Usage | undefined;
  private finishReason: FinishReason | undefined;
  private metadata: Readonly<Record<string, unknown>> | undefined;

  add(chunk: MessageChunk): void {
    if (chunk.id !== this.id) this.begin(chunk.id);
    if (chunk.reasoning !== undefined) this.grow('reasoning', chunk.reasoning);
    if (chunk.signature !== undefined) this.sign(chunk.signature);
    if (chunk.text !== undefined) this.grow('text', chunk.text);
    if (chunk.toolCalls) for (const delta of chunk.toolCalls) this.growCall(delta);
    if (chunk.block) this.drafts.push({ type: 'whole', block: chunk.block });
    if (chunk.usage) this.usage = chunk.usage;
    if (chunk.finishReason) this.finishReason = chunk.finishReason;
    if (chunk.metadata) this.metadata = { ...this.metadata, ...chunk.metadata };
  }

  result(): AssistantMessage {
    const { id } = this;
    if (id === undefined) throw new RivuletError('EMPTY_RUN', 'the model answered nothing. Its stream completed without a chunk: retry it with withRetry, or look at the gateway in between');
    const content = this.drafts.map(toBlock);
    return Object.freeze({
      role: 'assistant',
      id,
      content: Object.freeze(content),
      toolCalls: Object.freeze(content.filter((block) => block.type === 'tool_call')),
      ...(this.usage && { usage: this.usage }),
      ...(this.finishReason && { finishReason: this.finishReason }),
      ...(this.metadata && { metadata: this.metadata }),
    });
  }

  private begin(id: string): void {
    this.id = id;
    this.drafts = [];
    this.calls = new Map();
    this.call = undefined;
    this.usage = this.finishReason = this.metadata = undefined;
  }

  private grow(type: 'text' | 'reasoning', text: string): void {
    if (text === '') return; // or an empty delta would begin a block, and how a stream is cut would show
    const tail = this.drafts.at(-1);
    if (tail?.type === type && !('signature' in tail)) tail.text += text;
    else this.drafts.push({ type, text });
  }

  private sign(signature: string): void {
    const tail = this.drafts.at(-1);
    if (tail?.type === 'reasoning' && tail.signature === undefined) tail.signature = signature;
    else this.drafts.push({ type: 'reasoning', text: '', signature });
  }

  private growCall({ index, id, name, args }: ToolCallDelta): void {
    const call = this.call?.index === index ? this.call : (this.calls.get(index) ?? this.beginCall(index));
    this.call = call;
    if (id) call.id = id;
    if (name) call.name += name;
    if (args) call.args += args;
  }

  private beginCall(index: number): CallDraft {
    const call: CallDraft = { type: 'tool_call', index, id: '', name: '', args: '' };
    this.calls.set(index, call);
    this.drafts.push(call);
    return call;
  }
}

function toBlock(draft: Draft): ContentBlock {
  switch (draft.type) {
    case 'whole':
      return Object.isFrozen(draft.block) ? draft.block : frozenCopy(draft.block);
    case 'tool_call':
      return toCall(draft);
    case 'text':
      return frozenCopy<TextBlock>(draft);
    case 'reasoning':
      return frozenCopy<ReasoningBlock>(draft);
  }
}

/** Empty arguments mean none: providers send nothing for a tool without parameters. */
function toCall({ id, name, args }: CallDraft): ToolCallBlock {
  return Object.freeze({ type: 'tool_call', id, name, args: args.trim() === '' ? {} : parsed(args), raw: args });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // said so by `args: undefined` beside `raw`: whoever runs the call tells the model
  }
}
