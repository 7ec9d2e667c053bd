import { nearestName } from '../../core/errors/nearestName.js';
import type { EdgeDeclaration, GraphDeclaration } from './GraphDeclaration.js';
import type { Finding } from './GraphError.js';
import { END, START } from './names.js';

/** What is wrong with where edges and branches begin and lead. */
export function edgeFindings({ nodes, edges, branches }: GraphDeclaration): readonly Finding[] {
  const names = [...new Set(nodes.map(({ name }) => name))];
  const known = new Set(names);

  function from(name: string, what: string): readonly Finding[] {
    if (name === END) return [{ code: 'edge_from_end', message: `${what} begins at END, where a run has ended: begin it at a node, or at START.` }];
    return name === START || known.has(name) ? [] : [unknownNode(`${what} begins`, name, names)];
  }
  function to(name: string, what: string): readonly Finding[] {
    if (name === START) return [{ code: 'edge_to_start', message: `${what} leads to START, which a run leaves once: lead it to the first node.` }];
    return name === END || known.has(name) ? [] : [unknownNode(`${what} leads`, name, names)];
  }
  return [
    ...edges.flatMap((edge) => {
      const what = described(edge);
      return [...joinFindings(edge, what), ...sourcesOf(edge).flatMap((name) => from(name, what)), ...to(edge.to, what)];
    }),
    ...branches.flatMap((branch) => {
      const what = `The conditional edge of '${branch.from}'`;
      return [...from(branch.from, what), ...Object.values(branch.branch.pathMap ?? {}).flatMap((name) => to(name, what))];
    }),
  ];
}

/** A finding that a name is no node's, with the one that may be meant. */
export function unknownNode(what: string, name: string, names: readonly string[], code: Finding['code'] = 'unknown_node'): Finding {
  const meant = nearestName(name, names);
  const all = names.length === 0 ? 'there are no nodes' : `the nodes are ${names.slice(0, 50).join(', ')}`;
  return { code, node: name, message: `${what} at '${name}', which is no node${meant === undefined ? `: ${all}.` : `. Did you mean '${meant}'?`}` };
}

function sourcesOf({ from }: EdgeDeclaration): readonly string[] {
  return typeof from === 'string' ? [from] : from;
}

function joinFindings({ from }: EdgeDeclaration, what: string): readonly Finding[] {
  if (typeof from === 'string') return [];
  if (from.length === 0) return [{ code: 'invalid_join', message: `${what} awaits no node: give it the nodes that must have run.` }];
  if (!from.includes(START)) return [];
  return [{ code: 'invalid_join', message: `${what} awaits START, which is no node and has always passed: leave it out.` }];
}

function described(edge: EdgeDeclaration): string {
  return `The edge ${sourcesOf(edge).join(' + ')} → ${edge.to}`;
}
