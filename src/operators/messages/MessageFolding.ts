import type { Usage } from '../../core/events/RunEvent.js';
import type { Folding } from '../../core/flow/fold.js';
import type { ContentBlock, ReasoningBlock, TextBlock, ToolCallBlock } from './ContentBlock.js';
import type { AssistantMessage, FinishReason, MessageChunk, ToolCallDelta } from './Message.js';

/** A block that still grows. */
type Draft =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'reasoning'; text: string; signature?: string }
  | { readonly type: 'tool_call'; readonly index: number; id: string; name: string; args: string }
  | { readonly type: 'whole'; readonly block: ContentBlock };

/** Chunks on their way to one assistant message: blocks in the order in which they began. */
export class MessageFolding implements Folding<MessageChunk, AssistantMessage> {
  private id = '';
  private drafts: Draft[] = [];
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
    const content = this.drafts.map(toBlock);
    return Object.freeze({
      role: 'assistant',
      id: this.id,
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
    this.usage = this.finishReason = this.metadata = undefined;
  }

  private grow(type: 'text' | 'reasoning', text: string): void {
    const tail = this.drafts.at(-1);
    if (tail?.type === type && !('signature' in tail)) tail.text += text;
    else if (text !== '') this.drafts.push({ type, text });
  }

  private sign(signature: string): void {
    const tail = this.drafts.at(-1);
    if (tail?.type === 'reasoning') tail.signature = signature;
    else this.drafts.push({ type: 'reasoning', text: '', signature });
  }

  private growCall({ index, id, name, args }: ToolCallDelta): void {
    let call = this.drafts.find((draft) => draft.type === 'tool_call' && draft.index === index);
    if (call?.type !== 'tool_call') this.drafts.push((call = { type: 'tool_call', index, id: '', name: '', args: '' }));
    if (id) call.id = id;
    if (name) call.name += name;
    if (args) call.args += args;
  }
}

function toBlock(draft: Draft): ContentBlock {
  switch (draft.type) {
    case 'whole':
      return Object.freeze(draft.block);
    case 'tool_call':
      return toCall(draft);
    case 'text':
      return Object.freeze<TextBlock>({ ...draft });
    case 'reasoning':
      return Object.freeze<ReasoningBlock>({ ...draft });
  }
}

/** Empty arguments mean none: providers send nothing for a tool without parameters. */
function toCall({ id, name, args }: { readonly id: string; readonly name: string; readonly args: string }): ToolCallBlock {
  return Object.freeze({ type: 'tool_call', id, name, args: args.trim() === '' ? {} : parsed(args), raw: args });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // said so by `args: undefined` beside `raw`: whoever runs the call tells the model
  }
}
