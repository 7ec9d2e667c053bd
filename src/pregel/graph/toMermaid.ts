import type { EdgeJson, GraphJson, NodeJson } from './graphToJson.js';
import { graphToJson } from './graphToJson.js';
import type { GraphPlan } from './GraphPlan.js';

/**
 * Draws a graph as a Mermaid flowchart: conditional edges are dashed, joins meet in a node of their own, graphs within are boxes.
 * Whatever names contain, they stand as text.
 *
 * @example
 * ```ts
 * import { lastValue } from 'rivulet/channels';
 * import { END, START, StateGraph, toMermaid } from 'rivulet/pregel';
 *
 * const graph = new StateGraph({ n: lastValue(0) })
 *   .addNode('add', ({ n }) => ({ n: n + 1 }))
 *   .addEdge(START, 'add')
 *   .addConditionalEdges('add', ({ n }) => (n < 3 ? 'more' : 'done'), { more: 'add', done: END })
 *   .compile();
 * const diagram = toMermaid(graph.plan); // 'flowchart TD\n  …'
 * ```
 */
export function toMermaid(plan: GraphPlan): string {
  return ['flowchart TD', ...new Drawing(graphToJson(plan), 'n').lines().map((line) => `  ${line}`), ''].join('\n');
}

/** One graph's part of a diagram. Its nodes are known by position, so that no name can mean anything. */
class Drawing {
  private readonly ids: ReadonlyMap<string, string>;

  constructor(
    private readonly graph: GraphJson,
    private readonly prefix: string,
  ) {
    this.ids = new Map(graph.nodes.map(({ id }, at) => [id, `${prefix}${at}`]));
  }

  lines(): readonly string[] {
    const { nodes, edges } = this.graph;
    return [...nodes.flatMap((node) => this.node(node)), ...this.joins(), ...this.anywhere(), ...edges.map((edge) => this.edge(edge))];
  }

  private node(node: NodeJson): readonly string[] {
    const id = this.ids.get(node.id) ?? '';
    if (node.kind === 'start') return [`${id}([START])`];
    if (node.kind === 'end') return [`${id}([END])`];
    if (!node.graph) return [`${id}["${labelOf(node)}"]`];
    return [`subgraph ${id} ["${labelOf(node)}"]`, ...new Drawing(node.graph, `${id}_`).lines().map((line) => `  ${line}`), 'end'];
  }

  private joins(): readonly string[] {
    const joins = new Map(this.graph.edges.flatMap(({ join, to }) => (join === undefined ? [] : [[join, to] as const])));
    return [...joins].flatMap(([join, to]) => [`${this.joinId(join)}{{all}}`, `${this.joinId(join)} --> ${this.idOf(to)}`]);
  }

  private anywhere(): readonly string[] {
    return this.graph.edges.some(({ to }) => to === null) ? [`${this.prefix}any(("any node"))`] : [];
  }

  private edge({ from, to, kind, label, join }: EdgeJson): string {
    const source = this.idOf(from);
    if (join !== undefined) return `${source} --> ${this.joinId(join)}`;
    if (kind === 'edge') return `${source} --> ${this.idOf(to)}`;
    const said = kind === 'error' ? 'on error' : label;
    return `${source} -.->${said ? `|"${escaped(said)}"|` : ''} ${this.idOf(to)}`;
  }

  private idOf(name: string | null): string {
    return name === null ? `${this.prefix}any` : (this.ids.get(name) ?? '');
  }

  private joinId(join: number): string {
    return `${this.prefix}join${join}`;
  }
}

function labelOf({ id, defer, metadata = {} }: NodeJson): string {
  const notes = Object.entries(metadata).map(([key, value]) => `${key} = ${typeof value === 'string' ? value : String(JSON.stringify(value))}`);
  return [id, ...(defer ? ['deferred'] : []), ...notes].map(escaped).join('<br/>');
}

/** Letters, digits and plain punctuation stand for themselves; anything else becomes an entity code, and a line stays one. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N} _.,:=()\-]/gu, (char) => {
    const code = char.codePointAt(0) as number;
    if (code < 32 || code === 127) return ' ';
    return `#${code >= 0xd800 && code <= 0xdfff ? 0xfffd : code};`;
  });
}
