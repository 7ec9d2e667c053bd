import { RivuletError } from '../../core/errors/RivuletError.js';
import { isCommand, type Command } from '../graph/command.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import { nearestName } from '../../core/errors/nearestName.js';
import { isSend } from '../graph/send.js';

/** What a node said, taken apart: updates of channels, and commands for where to go. */
export type NodeWrite = Readonly<Record<string, unknown>> | Command;

/**
 * Checks what a node returned: an update object, a command, a list of both, or nothing.
 *
 * @throws RivuletError `INVALID_UPDATE`, naming the node, and for a key that is no channel the one that may be meant
 */
export function writesOf(plan: GraphPlan, node: string, result: unknown): readonly NodeWrite[] {
  if (result === undefined || result === null) return NONE;
  if (Array.isArray(result)) return result.flatMap((item: unknown) => writesOf(plan, node, item));
  if (isCommand(result)) {
    if (result.update !== undefined && result.graph === undefined) checkUpdate(plan, node, result.update);
    return [result];
  }
  checkUpdate(plan, node, result);
  return [result as NodeWrite];
}

const NONE: readonly NodeWrite[] = Object.freeze([]);

/** @throws RivuletError `INVALID_UPDATE` */
export function checkUpdate(plan: GraphPlan, who: string, update: unknown): void {
  if (typeof update !== 'object' || update === null || Array.isArray(update) || isSend(update) || isOpaque(update)) {
    throw new RivuletError('INVALID_UPDATE', `'${who}' gave ${described(update)} as an update. Return an object of channels, a command, a list of both, or nothing`, { path: [who] });
  }
  for (const key in update) {
    if (plan.position.has(key)) continue;
    const meant = nearestName(key, [...plan.position.keys()]);
    throw new RivuletError('INVALID_UPDATE', `'${who}' wrote to '${key}', which is no channel.${meant ? ` Did you mean '${meant}'?` : ''} The channels are ${[...plan.position.keys()].join(', ')}`, { path: [who] });
  }
}

/** A Map, a Date, an Error: what it holds isn't in its keys. */
function isOpaque(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null && Object.keys(value).length === 0;
}

function described(value: unknown): string {
  if (value === null) return 'null';
  if (isSend(value)) return 'a send (route with it, or return command({ goto }))';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? `an object without keys (${value.constructor.name})` : `a ${typeof value}`;
}
