import type { ListChannel } from './Channel.js';
import { appended, EMPTY, united } from './lists.js';

export interface TopicOptions {
  /** Whether items stay; default false: the list empties at the next superstep. */
  readonly accumulate?: boolean;
  /** Whether an item that is there already (by value) is left out. */
  readonly unique?: boolean;
}

/** What `topic` declares: a list whose new items can be watched one by one. */
export interface Topic<T> extends ListChannel<T> {
  added(state: readonly T[] | undefined, before: readonly T[] | undefined): readonly T[];
}

/**
 * A list of what a superstep's tasks wrote, in task order; a written array is flattened one level. If it accumulates, it is
 * stored as deltas. A run's view of it has `items$` beside `value$`: the items one by one.
 *
 * ```text
 * writes                     'a' and ['b', 'a'], then 'a', then nothing
 * reads                      a, b, a                  a         nothing
 * reads, if it accumulates   a, b, a                  a, b, a, a   a, b, a, a
 * reads, if unique too       a, b                     a, b      a, b
 * ```
 *
 * @example
 * ```ts
 * import { topic } from 'rivulet/channels';
 *
 * const alerts = topic<string>({ accumulate: true, unique: true });
 * alerts.update(['disk'], ['cpu', ['disk', 'net']], 'alerts'); // ['disk', 'cpu', 'net']
 * ```
 */
export function topic<T>({ accumulate = false, unique = false }: TopicOptions = {}): Topic<T> {
  const joined = unique ? united<T> : appended<T>;
  const head = { kind: 'topic', signature: `accumulate=${accumulate} unique=${unique}`, initial: () => EMPTY };
  if (!accumulate) return { ...head, update: (_state, writes) => joined(EMPTY, writes), untouched: () => EMPTY, added: (state = EMPTY) => state };
  return {
    ...head,
    delta: true,
    update: (state = EMPTY, writes) => joined(state, writes),
    added: (state = EMPTY, before = EMPTY) => state.slice(before.length),
  };
}
