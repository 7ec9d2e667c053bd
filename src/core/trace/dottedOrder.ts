/**
 * Where a run stands in its trace, as a text that sorts like the tree: `YYYYMMDDTHHMMSSmmmNNNZ<id>`, after its parent's and a dot.
 * `NNN` is the execution order, 999 at most. Source: the `dotted_order` of LangSmith's run data format.
 */
export function dottedOrder(parent: string | undefined, startTime: number, executionOrder: number, id: string): string {
  const stamp = new Date(startTime).toISOString().replace(/[-:.Z]/g, '');
  const own = `${stamp}${String(Math.min(executionOrder, 999)).padStart(3, '0')}Z${id}`;
  return parent === undefined ? own : `${parent}.${own}`;
}
