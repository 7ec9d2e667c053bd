import { BehaviorSubject, ReplaySubject, Subject, type Observable } from 'rxjs';
import { requireCount } from '../core/errors/optionChecks.js';
import type { Channel, ListChannel, ValueOf } from './Channel.js';
import { frozen } from './frozen.js';
import { isOverwrite } from './overwrite.js';
import type { Topic } from './topic.js';

/** What can be watched of a run's channel. It changes once a superstep, after the commit. */
export type ChannelView<C> = {
  /** What the channel holds, now and after each change; `undefined` while it holds nothing, as one that isn't a list may. */
  readonly value$: Observable<ValueOf<C> | (C extends Pick<ListChannel<unknown>, 'initial'> ? never : undefined)>;
} & (C extends Topic<infer T>
  ? {
      /** The items written in this run, one by one; a late subscriber gets the last of them. `overwrite` adds none. */
      readonly items$: Observable<T>;
    }
  : unknown);

export interface ChannelViewOptions {
  /** How many items a late subscriber gets. Default 1,000. */
  readonly replay?: number;
}

/** A channel's view, and what its engine does with it. */
export interface PublishedView<V> {
  readonly value$: Observable<V | undefined>;
  readonly items$: Observable<unknown> | undefined;
  /**
   * Tells the state after a superstep, and the writes that led to it.
   *
   * @param before where they were written; default: the state that was told last
   */
  publish(state: V | undefined, writes: readonly unknown[], before?: V): void;
}

/**
 * Lets a run's channel be watched: it tells what it is told to, when it is told to. In development what it tells is frozen to
 * the bottom, unless the channel is untracked.
 *
 * ```text
 * publish  ----a-a-b----
 * value$   s---a---b----
 * ```
 *
 * *Timing*: synchronous. *Demand*: none; watchers never hold up a run.
 *
 * @throws RivuletError `INVALID_OPTION` for a `replay` that isn't a count
 */
export function channelView<V, U>(channel: Channel<V, U>, initialState: V | undefined, { replay = 1000 }: ChannelViewOptions = {}): PublishedView<V> {
  requireCount('replay', replay, { min: 0 });
  const shown = <T>(value: T): T => (channel.untracked ? value : frozen(value));
  const read = (of: V | undefined): V | undefined => shown(channel.read ? channel.read(of) : of);
  const values = new BehaviorSubject(read(initialState));
  const items = channel.added && (replay > 0 ? new ReplaySubject<unknown>(replay) : new Subject<unknown>());
  let state = initialState;

  function tellItems(before: V | undefined, writes: readonly unknown[]): void {
    if (!items || !channel.added || writes.length === 0 || writes.some(isOverwrite)) return;
    const added = channel.added(state, before);
    // With nobody there, what would be pushed out again needn't be kept.
    for (const item of items.observed ? added : added.slice(Math.max(0, added.length - replay))) items.next(shown(item));
  }

  return {
    value$: values.asObservable(),
    items$: items?.asObservable(),
    publish(next, writes, before = state) {
      state = next;
      const value = read(next);
      if (!Object.is(value, values.value)) values.next(value);
      tellItems(before, writes);
    },
  };
}
