import type { ContentBlockParam, MessageParam, TextBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { DeveloperMessage, Message, SystemMessage } from '../../messages/Message.js';
import { toBlockParams, toToolResult, type BlockContext } from './toBlockParams.js';
import { keptToolUses, type ToolUse } from './ToolUse.js';

/** A conversation as Anthropic takes it: instructions apart, and turns of user and assistant. */
export interface Conversation {
  readonly system: readonly TextBlockParam[];
  readonly messages: MessageParam[];
}

type Turn = { readonly role: 'user' | 'assistant'; readonly content: ContentBlockParam[] };

/**
 * Maps messages to turns. What system and developer say goes apart, wherever it is said; messages of one side in a row make
 * one turn; results of tools are said by the user, and first, as the API wants it.
 */
export function toConversation(messages: readonly Message[]): Conversation {
  const system: TextBlockParam[] = [];
  const turns: Turn[] = [];
  const toolUses: Record<string, ToolUse> = {};
  for (const message of messages) {
    if (message.role === 'system' || message.role === 'developer') system.push(...toInstructions(message));
    else {
      Object.assign(toolUses, keptToolUses(message.metadata));
      const role = message.role === 'assistant' ? 'assistant' : 'user';
      const { provider = 'anthropic' } = message.metadata ?? {};
      add(turns, role, toParams(message, { role, isOwn: provider === 'anthropic', toolUses }));
    }
  }
  return { system, messages: turns.map(resultsFirst) };
}

function toParams(message: Exclude<Message, SystemMessage | DeveloperMessage>, context: BlockContext): readonly ContentBlockParam[] {
  if (message.role !== 'tool') return toBlockParams(message.content, context);
  return [toToolResult(message.toolCallId, message.content, message.isError, context)];
}

function add(turns: Turn[], role: Turn['role'], content: readonly ContentBlockParam[]): void {
  if (content.length === 0) return;
  const tail = turns.at(-1);
  if (tail?.role === role) tail.content.push(...content);
  else turns.push({ role, content: [...content] });
}

function resultsFirst({ role, content }: Turn): Turn {
  const isResult = ({ type }: ContentBlockParam): boolean => type === 'tool_result';
  if (role === 'assistant' || !content.some(isResult)) return { role, content };
  return { role, content: [...content.filter(isResult), ...content.filter((block) => !isResult(block))] };
}

const INSTRUCTIONS: BlockContext = { role: 'user', isOwn: true, toolUses: {} };

function toInstructions({ role, content }: SystemMessage | DeveloperMessage): readonly TextBlockParam[] {
  return toBlockParams(content, INSTRUCTIONS).map((block) => {
    if (block.type === 'text') return block;
    throw new RivuletError('INVALID_MESSAGE', `anthropic takes text only from a ${role} message, and this one has a block of type '${block.type}'. Give it in a user message`);
  });
}
