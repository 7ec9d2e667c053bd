import { requirePositive } from '../../core/errors/optionChecks.js';
import { nearestName } from '../../core/errors/nearestName.js';
import { isFlow } from '../../core/flow/flow.js';
import { retryDelay } from '../../core/flow/retryDelay.js';
import { unknownNode } from './edgeFindings.js';
import type { GraphDeclaration, NodeDeclaration } from './GraphDeclaration.js';
import type { Finding } from './GraphError.js';
import type { NodePolicy } from './GraphPlan.js';
import { END } from './names.js';
import { requireTimeout } from './send.js';

/** What is wrong with the options of nodes, of the defaults and of the graph. */
export function optionFindings({ channels, input = [], output = [], nodes, defaults }: GraphDeclaration): readonly Finding[] {
  const names = [...new Set(nodes.map(({ name }) => name))];
  const known = new Set([...names, END]);
  const channelNames = Object.keys(channels);
  const channelFindings = (what: string, given: readonly string[], node?: string): readonly Finding[] =>
    given.filter((name) => !channelNames.includes(name)).map((name) => unknownChannel(what, name, channelNames, node));
  return [
    ...channelFindings("The graph's input", input),
    ...channelFindings("The graph's output", output),
    ...policyFindings('The node defaults', undefined, defaults, names),
    ...nodes.flatMap((declared) => {
      const { name, options } = declared;
      const { reads = [], writes = [], ends = [] } = options;
      const what = `Node '${name}'`;
      return [
        ...channelFindings(`${what} reads`, [reads].flat(), name),
        ...channelFindings(`${what} writes`, [writes].flat(), name),
        ...callbackFindings(declared),
        ...policyFindings(what, name, options, names),
        ...ends.filter((end) => !known.has(end)).map((end) => unknownNode(`${what} ends`, end, names, 'unknown_end')),
      ];
    }),
  ];
}

function unknownChannel(what: string, name: string, names: readonly string[], node: string | undefined): Finding {
  const meant = nearestName(name, names);
  const hint = meant === undefined ? `the channels are ${names.slice(0, 50).join(', ')}` : `did you mean '${meant}'?`;
  return { code: 'unknown_channel', ...(node !== undefined && { node }), message: `${what} has '${name}', which is no channel: ${hint}.` };
}

/** A callback reads and writes what it likes. */
function callbackFindings({ name, node, options: { reads, writes } }: NodeDeclaration): readonly Finding[] {
  if (isFlow(node) || (reads === undefined && writes === undefined)) return [];
  return [{ code: 'invalid_option', node: name, message: `Node '${name}' is a callback, and 'reads' and 'writes' are for flows: read the state, and return an update.` }];
}

function policyFindings(what: string, node: string | undefined, { retry, timeout, cache, onError }: NodePolicy, names: readonly string[]): readonly Finding[] {
  const checks = [() => retry && retryDelay(retry), () => requireTimeout(timeout), () => cache?.ttlMs !== undefined && requirePositive('cache.ttlMs', cache.ttlMs)];
  const invalid = checks.flatMap((check): readonly Finding[] => {
    try {
      check();
      return [];
    } catch (error) {
      return [{ code: 'invalid_option', ...(node !== undefined && { node }), message: `${what}: ${(error as Error).message}.` }];
    }
  });
  return onError === undefined || names.includes(onError) ? invalid : [...invalid, unknownNode(`${what} has its error handler`, onError, names, 'unknown_handler')];
}
