import type { FinishReason } from '../../messages/Message.js';

/** Anthropic's stop reason in the words that all providers share. */
export function finishReasonOf(stopReason: string): FinishReason {
  return REASONS[stopReason] ?? 'other';
}

const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};
