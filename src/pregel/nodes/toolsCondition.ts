import type { Message } from '../../operators/messages/Message.js';
import { END } from '../graph/names.js';

/**
 * Leads to node `'tools'` if the last message calls tools, else to `END`: the routing function between `modelNode` and `toolNode`.
 *
 * @example
 * ```ts
 * import { assistant } from 'rivulet';
 * import { toolsCondition } from 'rivulet/pregel';
 *
 * const next = toolsCondition({ messages: [assistant('Done.')] }); // '__end__'
 * ```
 */
export function toolsCondition({ messages }: { readonly messages: readonly Message[] }): 'tools' | typeof END {
  const last = messages.at(-1);
  return last?.role === 'assistant' && last.toolCalls.length > 0 ? 'tools' : END;
}
