import { RivuletError } from '../../core/errors/RivuletError.js';
import type { PARENT } from './names.js';
import type { Send } from './send.js';

const COMMAND: unique symbol = Symbol.for('rivulet.command') as never;

/** Where a node or a routing function leads: a node's name, a send, or a list of both. */
export type Target = string | Send | readonly (string | Send)[];

export interface CommandFields<U, G> {
  readonly update?: U;
  /** Runs these next, besides what the node's edges say. */
  readonly goto?: G;
  /** Addresses the graph that this one is a node of. */
  readonly graph?: typeof PARENT;
  /** Answers interrupts: by id, or the one that is open. */
  readonly resume?: unknown;
}

/** An update together with where to go: what a node returns, or what a run is given. */
export interface Command<U = unknown, G = Target> extends CommandFields<U, G> {
  readonly [COMMAND]: true;
}

const FIELDS: Readonly<Record<keyof CommandFields<unknown, unknown>, true>> = { update: true, goto: true, graph: true, resume: true };

/**
 * Makes a command: an update and where to go, in one. Its targets run besides those that the node's edges lead to. With
 * `graph: PARENT` it speaks to the graph that this one is a node of.
 *
 * @throws RivuletError `INVALID_UPDATE` for a field that no command has
 *
 * @example
 * ```ts
 * import { command } from 'rivulet/pregel';
 *
 * const review = ({ score }: { readonly score: number }) => command({ update: { tries: 1 }, goto: score < 7 ? 'write' : 'publish' });
 * const { goto } = review({ score: 5 }); // 'write'
 * ```
 */
export function command(fields: CommandFields<unknown, Target> & { readonly graph: typeof PARENT }): Command<never, never>;
export function command<U = never, const G extends Target = never>(fields: CommandFields<U, G>): Command<U, G>;
export function command(fields: CommandFields<unknown, Target>): Command {
  for (const field in fields) {
    if (!Object.hasOwn(FIELDS, field)) throw new RivuletError('INVALID_UPDATE', `a command has no field '${field}'. Its fields are ${Object.keys(FIELDS).join(', ')}`);
  }
  return Object.freeze({ [COMMAND]: true as const, ...fields });
}

/**
 * Answers a run's interrupts: `{ [id]: value }`, or a bare value if exactly one is open. Short for `command({ resume })`.
 *
 * @example
 * ```ts
 * import { resume } from 'rivulet/pregel';
 *
 * const answer = resume({ 'interrupt-1': true });
 * ```
 */
export function resume(answers: unknown): Command<never, never> {
  return command({ resume: answers });
}

/** Whether `value` is a `command`, also from another copy of the library. */
export function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && COMMAND in value;
}
