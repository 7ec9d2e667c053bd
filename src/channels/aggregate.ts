import { RivuletError } from '../core/errors/RivuletError.js';
import type { Channel, ListChannel } from './Channel.js';
import { InvalidUpdateError } from './InvalidUpdateError.js';
import { leftFold, type Reducer } from './leftFold.js';
import { isOverwrite } from './overwrite.js';
import { REDUCERS, type NamedReducer, type ReducerName } from './reducers.js';
import { shown } from './shown.js';

export interface AggregateOptions {
  /** Stored as the writes and not as the value: for a reducer that grows one. It must be pure, as restoring runs it again. */
  readonly delta?: boolean;
}

/**
 * Folds all writes into one value, from the left, in task order. Without an initial value the first write is taken as it is.
 *
 * ```text
 * aggregate('sum', 10)
 * writes  1 and 2, then 3
 * reads   13            16
 * ```
 *
 * `append` and `union` take items, or arrays of them, which they flatten one level; `union` leaves out what is there already, by
 * value. `merge` spreads objects; a field that is `undefined` changes nothing.
 *
 * *Errors*: `INVALID_UPDATE` for a write that a named reducer can't take; what a function throws is the node's error.
 *
 * @param reducer a function, or the name of one, so that documents and checkpoints can name it
 * @throws RivuletError `INVALID_OPTION` for a name that isn't one
 *
 * @example
 * ```ts
 * import { aggregate } from 'rivulet/channels';
 *
 * const total = aggregate('sum', 0);
 * const longest = aggregate((a: string, b: string) => (b.length > a.length ? b : a), '');
 * total.update(1, [2, 3], 'total'); // 6
 * ```
 */
export function aggregate(reducer: 'sum' | 'min' | 'max', initial?: number, options?: AggregateOptions): Channel<number>;
export function aggregate(reducer: 'and' | 'or', initial?: boolean, options?: AggregateOptions): Channel<boolean>;
export function aggregate(reducer: 'concat', initial?: string, options?: AggregateOptions): Channel<string>;
export function aggregate<T>(reducer: 'append' | 'union', initial?: readonly T[], options?: AggregateOptions): ListChannel<T>;
export function aggregate<V extends object>(reducer: 'merge', initial?: V, options?: AggregateOptions): Channel<V, Partial<V>>;
export function aggregate<V, U>(reducer: Reducer<V, U>, initial: V, options?: AggregateOptions): Channel<V, U>;
export function aggregate<V>(reducer: Reducer<V>, initial?: V, options?: AggregateOptions): Channel<V>;
export function aggregate(reducer: ReducerName | Reducer<unknown>, initial?: unknown, options: AggregateOptions = {}): Channel<unknown> {
  const named = typeof reducer === 'function' ? undefined : namedReducer(reducer);
  const { delta = named?.delta ?? false } = options;
  const first = initial === undefined ? named?.initial : initial;
  const fold = named ? named.fold : leftFold(reducer as Reducer<unknown>);
  return {
    kind: 'aggregate',
    ...(named && { signature: String(reducer) }),
    initial: () => first,
    update: fold,
    ...(named?.takes && checked(named, named.takes, String(reducer))),
    ...(delta && { delta }),
  };
}

function namedReducer(name: string): NamedReducer {
  if (Object.hasOwn(REDUCERS, name)) return REDUCERS[name as ReducerName];
  throw new RivuletError('INVALID_OPTION', `there is no reducer ${shown(name)}. The names are ${Object.keys(REDUCERS).join(', ')}, or give a function`);
}

/** Checks each write when its task ends, so that it is that task's failure, and when it is read from a store. */
function checked({ fold }: NamedReducer, [what, test]: NonNullable<NamedReducer['takes']>, reducer: string): Pick<Channel<unknown>, 'update' | 'prepare'> {
  const check = (write: unknown, name: string): void => {
    if (!test(write)) throw new InvalidUpdateError('INVALID_UPDATE', `channel '${name}' got ${shown(write)}, and '${reducer}' takes ${what}. Write one, or declare it as aggregate(reducer) with a function`);
  };
  return {
    prepare: (write, _ids, name) => {
      check(isOverwrite(write) ? write.value : write, name);
      return write;
    },
    update: (state, writes, name) => {
      for (const write of writes) check(write, name);
      return fold(state, writes);
    },
  };
}
