import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyedLists } from './KeyedLists.js';

interface Item {
  readonly key: string | undefined;
  readonly n: number;
}
type Edit = readonly ['put' | 'add' | 'remove' | 'clear', Item];

/** What each edit means, plainly. */
function plainly(list: readonly Item[], edits: readonly Edit[]): readonly Item[] {
  let items = list;
  for (const [what, item] of edits) {
    const at = item.key === undefined ? -1 : items.findIndex(({ key }) => key === item.key);
    if (what === 'clear') items = [];
    else if (what === 'remove') items = items.filter((_, position) => position !== at);
    else if (at < 0) items = [...items, item];
    else if (what === 'put') items = items.with(at, item);
  }
  return items;
}

function edited(lists: KeyedLists<Item>, list: readonly Item[], edits: readonly Edit[]): readonly Item[] {
  const edit = lists.edit(list);
  for (const [what, item] of edits) {
    if (what === 'clear') edit.clear();
    else if (what === 'remove') edit.remove(item.key);
    else edit[what](item);
  }
  return edit.result();
}

afterEach(() => void jest.restoreAllMocks());

describe('KeyedLists', () => {
  test('makes what a plain search would, in any tree of lists made from one another', () => {
    const item = fc.record({ key: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { nil: undefined }), n: fc.nat(9) });
    const what = fc.constantFrom('put', 'put', 'put', 'add', 'add', 'remove', 'clear' as const);
    const step = fc.record({ from: fc.nat(), edits: fc.array(fc.tuple(what, item), { maxLength: 5 }) });
    fc.assert(fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const lists = new KeyedLists<Item>(({ key }) => key);
      const tree: (readonly Item[])[] = [Object.freeze([])];
      for (const { from, edits } of steps) {
        const list = tree[from % tree.length] ?? [];
        const made = edited(lists, list, edits as readonly Edit[]);
        expect(made).toEqual(plainly(list, edits as readonly Edit[]));
        tree.push(Object.freeze(made));
      }
    }), { numRuns: 500 });
  });

  test('gives the very same list back when nothing changes', () => {
    const lists = new KeyedLists<Item>(({ key }) => key);
    const list = [{ key: 'a', n: 1 }];
    const same = list[0] as Item;
    expect(edited(lists, list, [['put', same], ['add', { key: 'a', n: 2 }], ['remove', { key: 'b', n: 0 }]])).toBe(list);
    expect(edited(lists, [], [['clear', same]])).toEqual([]);
  });

  test('remembers no more than a few times what there is, however many lists are made and dropped', () => {
    const lists = new KeyedLists<Item>(({ key }) => key);
    const list = edited(lists, [], [['put', { key: 'a', n: 1 }]]);
    let most = 0;
    const { set } = Map.prototype;
    jest.spyOn(Map.prototype, 'set').mockImplementation(function (this: Map<unknown, unknown>, key, value) {
      most = Math.max(most, this.size);
      return set.call(this, key, value);
    });
    for (let n = 0; n < 5000; n++) edited(lists, list, [['put', { key: `k${n}`, n }]]);
    expect(most).toBeGreaterThan(10);
    expect(most).toBeLessThan(100);
  });
});
