import { canonicalJson } from '../core/flow/canonicalJson.js';
import { KeyedLists } from './KeyedLists.js';

export type List = readonly unknown[];

/** The list with nothing in it. */
export const EMPTY: readonly never[] = /* @__PURE__ */ Object.freeze([]);

const distinct = /* @__PURE__ */ new KeyedLists<unknown>(valueKey);

/** The list with what was written at its end, a written array flattened one level; the very same list if that is nothing. */
export function appended<T>(list: readonly T[], writes: readonly (T | readonly T[])[]): readonly T[] {
  const items = writes.flat() as readonly T[];
  return items.length > 0 ? list.concat(items) : list;
}

/** As `appended`, but an item that is there already, by value, is left out. */
export function united<T>(list: readonly T[], writes: readonly (T | readonly T[])[]): readonly T[] {
  const edit = distinct.edit(list);
  for (const item of writes.flat()) edit.add(item);
  return edit.result() as readonly T[];
}

/** The same for values that are equal as JSON. What isn't JSON equals itself only. */
function valueKey(item: unknown): unknown {
  if (typeof item === 'string') return `"${item}`; // no JSON of an object begins with a quote
  if (typeof item !== 'object' || item === null) return item;
  try {
    return canonicalJson(item);
  } catch {
    return item;
  }
}
