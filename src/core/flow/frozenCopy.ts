/** A frozen copy of plain data, with some fields changed. Not a spread: V8 makes a hidden class of its own for each one that is frozen. */
export function frozenCopy<T extends object, P extends object = object>(value: T, patch?: P): Readonly<T & P> {
  return Object.freeze(Object.assign({}, value, patch));
}
