/** Folds one write into the value so far. */
export type Reducer<V, U = V> = (value: V, write: U) => V;

/** Folds all writes into the state, from the left; on an empty one the first is taken as it is. */
export function leftFold<V, U>(reduce: Reducer<V, U>): (state: V | undefined, writes: readonly U[]) => V | undefined {
  return (state, writes) => {
    let value = state;
    for (const write of writes) value = value === undefined ? (write as unknown as V) : reduce(value, write);
    return value;
  };
}
