import { isFlow } from '../../core/flow/flow.js';
import type { GraphDeclaration, NodeDeclaration } from './GraphDeclaration.js';
import type { Finding } from './GraphError.js';
import { isReserved } from './names.js';

/** What is wrong with the channels and nodes by themselves. */
export function nameFindings({ channels, nodes }: GraphDeclaration): readonly Finding[] {
  const seen = new Set<string>();
  const ofNodes = nodes.flatMap((declared): readonly Finding[] => {
    const isRepeated = seen.has(declared.name);
    seen.add(declared.name);
    return [...ofNode(declared, channels), ...(isRepeated ? [repeated(declared.name)] : [])];
  });
  return [...Object.entries(channels).flatMap(([name, channel]) => ofChannel(name, channel)), ...ofNodes];
}

function ofChannel(name: string, channel: unknown): readonly Finding[] {
  if (name === '') return [{ code: 'empty_name', message: 'A channel has an empty name: give it one.' }];
  if (isReserved(name)) return [{ code: 'reserved_name', message: `Channel '${name}' has a name that is kept for the library: leave out the underscores around it.` }];
  if (isChannel(channel)) return [];
  return [{ code: 'invalid_channel', message: `'${name}' is declared as a ${typeof channel}, which is no channel: make one with lastValue(), append(), messages() or another of rivulet/channels.` }];
}

function isChannel(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'update' in value && 'initial' in value;
}

function ofNode({ name, node }: NodeDeclaration, channels: object): readonly Finding[] {
  const findings: Finding[] = [];
  if (name === '') findings.push({ code: 'empty_name', node: name, message: 'A node has an empty name: give it one.' });
  if (isReserved(name)) findings.push({ code: 'reserved_name', node: name, message: `Node '${name}' has a name that is kept for the library: leave out the underscores around it.` });
  if (Object.hasOwn(channels, name)) findings.push({ code: 'name_clash', node: name, message: `Node '${name}' has the name of a channel: rename one of the two.` });
  if (typeof node !== 'function' && !isFlow(node)) findings.push({ code: 'invalid_node', node: name, message: `Node '${name}' is a ${typeof node}: give a callback, a flow, or a graph that is compiled.` });
  return findings;
}

function repeated(name: string): Finding {
  return { code: 'duplicate_name', node: name, message: `Two nodes are named '${name}': rename one.` };
}
