/**
 * The strongly connected components of a graph, each in the order in which its nodes were found.
 *
 * Source: Robert Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM J. Comput. 1(2), 1972; with a stack of its own
 * in place of recursion, so that a long graph is no deep one.
 */
export function stronglyConnected<T>(nodes: Iterable<T>, next: (node: T) => Iterable<T>): readonly (readonly T[])[] {
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const stack: T[] = [];
  const onStack = new Set<T>();
  const components: T[][] = [];
  const calls: { readonly node: T; readonly next: Iterator<T> }[] = [];

  function enter(node: T): void {
    low.set(node, index.size);
    index.set(node, index.size);
    stack.push(node);
    onStack.add(node);
    calls.push({ node, next: next(node)[Symbol.iterator]() });
  }

  function lower(node: T, to: number | undefined): void {
    low.set(node, Math.min(low.get(node) as number, to as number));
  }

  function leave(node: T): void {
    calls.pop();
    const caller = calls.at(-1);
    if (caller) lower(caller.node, low.get(node));
    if (low.get(node) !== index.get(node)) return;
    const component = stack.splice(stack.lastIndexOf(node));
    component.forEach((member) => onStack.delete(member));
    components.push(component);
  }

  for (const root of nodes) {
    if (!index.has(root)) enter(root);
    for (let call = calls.at(-1); call; call = calls.at(-1)) {
      const { value, done } = call.next.next();
      if (done) leave(call.node);
      else if (!index.has(value)) enter(value);
      else if (onStack.has(value)) lower(call.node, index.get(value));
    }
  }
  return components;
}
