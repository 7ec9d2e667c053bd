import type { Result, Unwrapped } from '../../core/bridge/result.js';
import type { RunScope } from '../../core/context/RunScope.js';
import type { Store } from '../stores/Store.js';
import type { Command, Target } from './command.js';
import type { END } from './names.js';
import type { Send } from './send.js';

/** What a node says at once: an update, a command, a list of both, or nothing. */
export type NodeOutput<U> = U | Command<U, Target> | undefined | void | readonly (U | Command<U, Target>)[];

/** What a node returns: its output, a promise of it, or a stream of outputs that are all applied when the superstep ends. */
export type NodeResult<U> = Result<NodeOutput<U>>;

/** What a node gets as its `run`. */
export interface NodeRun extends RunScope {
  /** What its graph, or the one around it, was compiled with. Throws `NO_STORE` where there is none. */
  readonly store: Store;
}

/** A node as a callback: reads the state (or what it was sent), and returns what to write and where to go. */
export type NodeFunction<A, R = unknown> = (state: A, run: NodeRun) => R;

/** A routing function: reads the state after its node's writes, and says where to go. It is synchronous. */
export type RouteFunction<S, T = Target> = (state: S, run: RunScope) => T;

/** What a node named by `onError` gets. */
export interface NodeFailure<I = unknown> {
  /** What the failed node was run with. */
  readonly input: I;
  /** Of the last attempt. */
  readonly error: unknown;
}

type Said<R> = Unwrapped<R> extends infer O ? (O extends readonly (infer E)[] ? E : O) : never;
type Updates<E> = E extends Command<infer U, unknown> ? U : E extends object ? E : never;
type KeysOf<U> = U extends unknown ? keyof U : never;
type Each<G> = G extends readonly (infer T)[] ? T : G;

/** The channels that a node's result writes. */
export type WrittenKeys<R> = KeysOf<Updates<Said<R>>>;

/** Where a node's commands go. */
export type CommandTargets<R> = Said<R> extends infer E ? (E extends Command<unknown, infer G> ? Each<G> : never) : never;

/** A name that options refer to: any node may have it. */
export type Reference<E extends string> = E extends typeof END ? never : Send<E, never>;

/** Of what was referred to, what isn't there: `N` has what each node may be sent, `P` names those that run on the state. */
export type Missing<N, P extends string, T> = T extends Send<infer M, infer A>
  ? string extends M ? never : M extends keyof N ? ([A] extends [N[M]] ? never : Misdirected<M, N[M]>) : UnknownNode<M>
  : T extends string ? (string extends T ? never : T extends P | typeof END ? never : UnknownNode<T>) : never;

/** A compile error: a command or an option names a node that isn't there, or that doesn't run on the state. */
export interface UnknownNode<Name extends string> {
  readonly unknownNode: Name;
}

/** A compile error: a node is sent what it doesn't take. */
export interface Misdirected<Name extends string, Takes> {
  readonly node: Name;
  readonly takes: Takes;
}

/** A compile error: a node writes what is no channel. */
export interface UnknownChannel<Name> {
  readonly unknownChannel: Name;
}
