/** Something at a position in a line: its commits are numbered, on from those of the line it was forked from. */
export interface Positioned {
  readonly position: number;
}

/** The index of the last item at or before `position`, of items in ascending order, or -1. */
export function lastAt(items: readonly Positioned[], position: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] as Positioned).position <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
