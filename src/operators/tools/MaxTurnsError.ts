import { RivuletError } from '../../core/errors/RivuletError.js';
import type { AssistantMessage, ToolMessage } from '../messages/Message.js';

/** A tool loop used up its turns while the model still called tools. */
export class MaxTurnsError extends RivuletError {
  override readonly name = 'MaxTurnsError';

  /** @param messages what was said so far; the last one's tool calls were not run */
  constructor(
    readonly maxTurns: number,
    readonly messages: readonly (AssistantMessage | ToolMessage)[],
    path: readonly string[] = [],
  ) {
    super('MAX_TURNS', `after ${maxTurns} ${maxTurns === 1 ? 'turn' : 'turns'} the model still calls tools. Raise maxTurns, or find out from this error's messages what keeps it busy`, { path });
  }
}
