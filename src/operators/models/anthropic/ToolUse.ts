import type { ToolUseBlock } from '@anthropic-ai/sdk/resources/messages';

/**
 * What Anthropic wants to hear again of a tool call besides its arguments: which of its own tool sets it is of, and that a
 * program of the model's made it. Kept in the metadata of the message, under `toolUses`, by the call's id.
 */
export interface ToolUse {
  readonly caller?: ToolUseBlock['caller'];
  readonly toolset_name?: string;
}

/** What is to be kept of a call; mostly nothing. */
export function toolUseOf({ caller, toolset_name }: ToolUseBlock): ToolUse | undefined {
  const called = caller && caller.type !== 'direct';
  return called || toolset_name ? { ...(called && { caller }), ...(toolset_name && { toolset_name }) } : undefined;
}

/** What was kept, by the call's id. */
export function keptToolUses(metadata: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, ToolUse>> {
  return (metadata?.['toolUses'] ?? {}) as Readonly<Record<string, ToolUse>>;
}
