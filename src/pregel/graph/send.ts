import { requirePositive } from '../../core/errors/optionChecks.js';
import type { NodeTimeout } from './GraphPlan.js';

const SEND: unique symbol = Symbol.for('rivulet.send') as never;

export interface SendOptions {
  /** Limits the task it makes, in place of the node's own timeout. */
  readonly timeout?: NodeTimeout;
}

/** A task for a node with an argument of its own, in place of the state. */
export interface Send<N extends string = string, A = unknown> {
  readonly [SEND]: true;
  readonly node: N;
  readonly arg: A;
  readonly options: SendOptions | undefined;
}

/**
 * Makes one task of `node`, which gets `arg` as it is: what a routing function or `command({ goto })` returns to run a node once
 * for each of many.
 *
 * @throws RivuletError `INVALID_OPTION` for a timeout that is none
 *
 * @example
 * ```ts
 * import { send } from 'rivulet/pregel';
 *
 * const toEach = (state: { readonly urls: readonly string[] }) => state.urls.map((url) => send('read', { url }));
 * const tasks = toEach({ urls: ['a', 'b'] }); // two tasks of 'read'
 * ```
 */
export function send<const N extends string, A>(node: N, arg: A, options?: SendOptions): Send<N, A> {
  requireTimeout(options?.timeout);
  return Object.freeze({ [SEND]: true as const, node, arg, options });
}

/** @throws RivuletError `INVALID_OPTION` */
export function requireTimeout({ runMs, idleMs }: NodeTimeout = {}): void {
  if (runMs !== undefined) requirePositive('timeout.runMs', runMs);
  if (idleMs !== undefined) requirePositive('timeout.idleMs', idleMs);
}

/** Whether `value` is a `send`, also from another copy of the library. */
export function isSend(value: unknown): value is Send {
  return typeof value === 'object' && value !== null && SEND in value;
}
