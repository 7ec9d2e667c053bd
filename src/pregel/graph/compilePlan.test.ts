import { describe, expect, test } from '@jest/globals';
import { platform } from '../../core/bridge/platform.js';
import { lambda } from '../../core/flow/lambda.js';
import { append } from '../../channels/append.js';
import { ephemeral } from '../../channels/ephemeral.js';
import { lastValue } from '../../channels/lastValue.js';
import { topic } from '../../channels/topic.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { compilePlan, type PlanOptions } from './compilePlan.js';
import { GraphError, type Finding } from './GraphError.js';
import { END, START } from './names.js';
import { StateGraph } from './StateGraph.js';
import type { Channels } from './StateOf.js';

/** A builder whose names the compiler doesn't know, as a document's are. */
type Loose = StateGraph<Channels, Readonly<Record<string, unknown>>, string>;
const loose = (channels: Channels = { n: lastValue(0) }, options = {}): Loose => new StateGraph(channels, options) as unknown as Loose;
const node = (): undefined => undefined;
const compile = (graph: { readonly declaration: Loose['declaration'] }, options?: PlanOptions) => compilePlan(graph.declaration, options);

function findingsOf(graph: { readonly declaration: Loose['declaration'] }): readonly Finding[] {
  try {
    compile(graph);
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError);
    expect(isRivuletError(error, 'INVALID_GRAPH')).toBe(true);
    return (error as GraphError).findings;
  }
  return [];
}
const codesOf = (graph: { readonly declaration: Loose['declaration'] }) => findingsOf(graph).map(({ code, node: name }) => (name === undefined ? code : `${code} ${name}`));
const ok = () => loose().addNode('a', node).addNode('b', node).addEdge(START, 'a').addEdge('a', 'b');

describe('S12 compile rejects', () => {
  test.each<[string, () => { readonly declaration: Loose['declaration'] }, readonly string[]]>([
    ['nothing that is right', () => ok(), []],
    ['no entry, and says no more of what can be reached', () => loose().addNode('a', node), ['no_entry']],
    ['an edge to an unknown node', () => ok().addEdge('a', 'c'), ['unknown_node c']],
    ['an edge from an unknown node', () => ok().addEdge('c', 'a'), ['unknown_node c']],
    ['an unknown node in a join', () => ok().addEdge(['a', 'c'], 'b'), ['unknown_node c']],
    ['an unknown node in a path map', () => ok().addConditionalEdges('a', () => 'x', { x: 'c' } as never), ['unknown_node c']],
    ['a branch of an unknown node', () => ok().addConditionalEdges('c', () => END), ['unknown_node c']],
    ['a node that nothing leads to', () => ok().addNode('c', node), ['unreachable_node c']],
    ['nodes that only lead to one another', () => ok().addNode('c', node).addNode('d', node).addEdge('c', 'd').addEdge('d', 'c'), ['unreachable_node c', 'unreachable_node d']],
    ['a join that can never be complete', () => ok().addNode('c', node).addNode('d', node).addEdge(['a', 'c'], 'd'), ['unreachable_node c', 'unreachable_node d']],
    ['a reserved name', () => ok().addNode('__x__', node).addEdge('a', '__x__'), ['reserved_name __x__']],
    ['a node named as START is', () => ok().addNode(START, node).addEdge('a', 'b'), [`reserved_name ${START}`, `unreachable_node ${START}`]],
    ['a duplicate name', () => ok().addNode('a', node), ['duplicate_name a']],
    ['a name three times', () => ok().addNode('a', node).addNode('a', node), ['duplicate_name a', 'duplicate_name a']],
    ["a channel's name", () => ok().addNode('n', node).addEdge('a', 'n'), ['name_clash n']],
    ['an empty name', () => ok().addNode('', node).addEdge('a', ''), ['empty_name ']],
    ['an edge from END', () => ok().addEdge(END as never, 'a'), ['edge_from_end']],
    ['a branch from END', () => ok().addConditionalEdges(END, () => 'a'), ['edge_from_end']],
    ['an edge to START', () => ok().addEdge('a', START), ['edge_to_start']],
    ['a path to START', () => ok().addConditionalEdges('a', () => 'x', [START]), ['edge_to_start']],
    ['a join of nothing', () => ok().addEdge([], 'b'), ['invalid_join']],
    ['a join with START', () => ok().addEdge([START, 'a'], 'b'), ['invalid_join']],
    ['a node that is none', () => ok().addNode('c', 'text' as never).addEdge('a', 'c'), ['invalid_node c']],
    ['a graph that is not compiled as a node', () => ok().addNode('c', ok() as never).addEdge('a', 'c'), ['invalid_node c']],
    ['an unknown handler', () => ok().addNode('c', node, { onError: 'd' }).addEdge('a', 'c'), ['unknown_handler d']],
    ['an unknown handler among the defaults', () => ok().setNodeDefaults({ onError: 'd' }), ['unknown_handler d']],
    ['unknown ends', () => ok().addNode('c', node, { ends: ['d', END] }).addEdge('a', 'c'), ['unknown_end d']],
    ['a retry that is none', () => ok().addNode('c', node, { retry: { maxAttempts: 0 } }).addEdge('a', 'c'), ['invalid_option c']],
    ['a timeout that is none', () => ok().addNode('c', node, { timeout: { idleMs: -1 } }).addEdge('a', 'c'), ['invalid_option c']],
    ['a time to live that is none', () => ok().addNode('c', node, { cache: { ttlMs: 0 } }).addEdge('a', 'c'), ['invalid_option c']],
    ['defaults that are none', () => ok().setNodeDefaults({ timeout: { runMs: NaN } }), ['invalid_option']],
    ['an unknown channel that a flow reads', () => ok().addNode('c', lambda(node), { reads: 'm', writes: 'n' } as never).addEdge('a', 'c'), ['unknown_channel c']],
    ['an unknown channel that a flow writes', () => ok().addNode('c', lambda(node), { reads: ['n'], writes: 'm' } as never).addEdge('a', 'c'), ['unknown_channel c']],
    ['reads of a callback', () => ok().addNode('c', node, { reads: 'n' } as never).addEdge('a', 'c'), ['invalid_option c']],
    ['unknown input and output', () => loose({ n: lastValue() }, { input: ['m'], output: ['o'] }).addEdge(START, END), ['unknown_channel', 'unknown_channel']],
    ['a channel with a reserved name', () => loose({ __proto: lastValue(), __x__: lastValue() }).addEdge(START, END), ['reserved_name']],
    ['a channel with an empty name', () => loose({ '': lastValue() }).addEdge(START, END), ['empty_name']],
    ['a channel that is none', () => loose({ n: 'text' as never }).addEdge(START, END), ['invalid_channel']],
  ])('%s', (_, graph, expected) => {
    expect(codesOf(graph())).toEqual(expected);
  });

  test('all at once, each with what to do', () => {
    const findings = findingsOf(loose({ draft: lastValue('') }).addNode('write', node).addNode('write', node).addNode('draft', node).addEdge(START, 'writ').addNode('lost', node));
    expect(findings.map(({ code }) => code)).toEqual(['duplicate_name', 'name_clash', 'unknown_node', 'unreachable_node', 'unreachable_node', 'unreachable_node']);
    expect(findings[2]?.message).toContain("'writ', which is no node. Did you mean 'write'?");
    expect(() => compile(loose())).toThrow(/INVALID_GRAPH: the graph can't be compiled\. 1\. Nothing leads from START/);
  });
});

describe('what can be reached', () => {
  test.each<[string, () => { readonly declaration: Loose['declaration'] }]>([
    ['anything, by a branch that says nothing of where it leads', () => ok().addNode('c', node).addNode('d', node).addConditionalEdges('b', () => 'c')],
    ['anything, by a branch from START', () => loose().addNode('c', node).addConditionalEdges(START, () => 'c')],
    ['what a path map says', () => ok().addNode('c', node).addConditionalEdges('b', () => true, { true: 'c', false: END })],
    ['what a list of paths says', () => ok().addNode('c', node).addConditionalEdges('b', () => 'c', ['c'])],
    ['what ends say', () => ok().addNode('c', node, { ends: ['d'] }).addEdge('a', 'c').addNode('d', node)],
    ['a handler', () => ok().addNode('c', node, { onError: 'd' }).addEdge('a', 'c').addNode('d', node)],
    ['a handler of all', () => ok().setNodeDefaults({ onError: 'd' }).addNode('d', node)],
    ['a join', () => ok().addNode('c', node).addEdge(['a', 'b'], 'c')],
  ])('%s', (_, graph) => {
    expect(codesOf(graph())).toEqual([]);
  });

  test('a path map and ends leave no doubt', () => {
    expect(codesOf(ok().addNode('c', node).addConditionalEdges('b', () => 'x', { x: 'a' } as never))).toEqual(['unreachable_node c']);
    expect(codesOf(ok().addNode('c', node, { ends: ['a'] }).addEdge('b', 'c').addConditionalEdges('c', () => 'a').addNode('d', node))).toEqual(['unreachable_node d']);
  });
});

describe('S12 a cycle with no conditional way out is a warning', () => {
  const warningsOf = (graph: { readonly declaration: Loose['declaration'] }, options?: PlanOptions) => compile(graph, options).report.warnings.map(({ code, node: name, message }) => `${code} ${name} ${[...message.matchAll(/'(\w+)'/g)].map((match) => match[1]).join('')}`);
  const three = () => ok().addNode('c', node).addEdge('b', 'c');

  test.each<[string, () => { readonly declaration: Loose['declaration'] }, readonly string[]]>([
    ['none', () => three(), []],
    ['edges', () => three().addEdge('c', 'a'), ['endless_cycle a abc']],
    ['a node that leads to itself', () => three().addEdge('b', 'b'), ['endless_cycle b b']],
    ['a way out', () => three().addConditionalEdges('c', () => 'x', { x: 'a', y: END } as never), []],
    ['a way that may lead anywhere', () => three().addConditionalEdges('c', () => 'a'), []],
    ['a path map with no way out', () => three().addConditionalEdges('c', () => 'x', { x: 'a', y: 'b' } as never), ['endless_cycle a abc']],
    ['an edge beside the way out', () => three().addEdge('c', 'a').addConditionalEdges('c', () => END), ['endless_cycle a abc']],
    ['a join of the cycle', () => three().addNode('d', node).addEdge('a', 'd').addEdge(['c', 'd'], 'a'), ['endless_cycle a abcd']],
    ['a join with one from outside', () => three().addNode('d', node).addEdge(START, 'd').addEdge(['c', 'd'], 'a'), []],
    ['a join with one that is chosen', () => three().addNode('d', node).addConditionalEdges('a', () => 'd', ['d', END]).addEdge(['c', 'd'], 'a'), []],
    ['two cycles', () => three().addNode('d', node).addEdge('c', 'd').addEdge('d', 'c').addEdge('b', 'a'), ['endless_cycle c cd', 'endless_cycle a ab']],
  ])('%s', (_, graph, expected) => {
    expect(warningsOf(graph())).toEqual(expected);
  });

  test('where one successor is picked, any way out is one', () => {
    const graph = three().addEdge('c', 'a').addConditionalEdges('c', () => END, [END]);
    expect(warningsOf(graph, { strategy: 'pickLast' })).toEqual([]);
    expect(warningsOf(three().addEdge('c', 'a'), { strategy: 'pickLast' })).toEqual(['endless_cycle a abc']);
  });

  test.each([[true, 1], [false, 0]])('compile says so once, if it is development: %p', (development, times) => {
    const { warn, development: before } = platform;
    const said: string[] = [];
    Object.assign(platform, { development, warn: (message: string) => said.push(message) });
    const graph = three().addEdge('c', 'a');
    for (const name of ['mill', 'mill', 'wheel']) graph.compile({ name: `${name}-${development}` });
    three().addConditionalEdges('c', () => END).compile();
    Object.assign(platform, { development: before, warn });
    expect(said.filter((message) => message.startsWith("graph 'mill-true' compiles, but: Nodes 'a', 'b', 'c' always lead back to one another"))).toHaveLength(times);
    expect(said).toHaveLength(2 * times);
  });
});

describe('a plan', () => {
  test('has channels by position, and which of them clear and finish', () => {
    const finishing = { ...lastValue(0), finish: () => 1 };
    const { plan } = compile(loose({ n: lastValue(0), once: ephemeral(), list: append(), all: topic(), last: finishing }).addEdge(START, END));
    expect([...plan.position]).toEqual([['n', 0], ['once', 1], ['list', 2], ['all', 3], ['last', 4]]);
    expect(plan.clearing).toEqual([1, 3]);
    expect(plan.finishing).toEqual([4]);
    expect(plan.name).toBe('graph');
    expect(plan.snapshot([1, 2, [3], [4], 5])).toEqual({ n: 1, once: 2, list: [3], all: [4], last: 5 });
  });

  test('has exits, in which what is said twice counts once', () => {
    const route = () => END;
    const graph = ok().addNode('c', node).addEdge('a', 'b').addEdge('a', END).addEdge(['a', 'b'], 'c').addEdge(['b', 'a', 'b'], 'c').addEdge(['b'], 'c').addEdge(['a', 'b'], END).addConditionalEdges('b', route, ['c']);
    const { plan } = compile(graph);
    expect(plan.start).toEqual({ targets: ['a'], branches: [], joins: [] });
    expect(plan.joins).toEqual([{ from: ['a', 'b'], to: 'c' }]);
    expect(plan.nodes.get('a')).toMatchObject({ targets: ['b', END], branches: [], joins: [0] });
    expect(plan.nodes.get('b')).toMatchObject({ targets: ['c'], branches: [{ route, pathMap: { c: 'c' } }], joins: [0] });
  });

  test('has the policy of each node: its own over the defaults', () => {
    const graph = ok()
      .addNode('c', node, { timeout: { runMs: 5 }, metadata: { own: 1 }, ends: ['d'] })
      .addNode('d', node)
      .addEdge('a', 'c')
      .setNodeDefaults({ retry: { maxAttempts: 2, retryOn: () => true, initialMs: 0 }, timeout: { runMs: 9 }, onError: 'd', metadata: { all: 1, own: 0 } });
    const { nodes } = compile(graph).plan;
    expect(nodes.get('c')?.policy).toMatchObject({ timeout: { runMs: 5 }, retry: { maxAttempts: 2 }, onError: 'd', metadata: { all: 1, own: 1 } });
    expect(nodes.get('c')?.ends).toEqual(['d']);
    expect(nodes.get('a')?.policy).toMatchObject({ timeout: { runMs: 9 }, onError: 'd', metadata: { all: 1, own: 0 } });
    expect(nodes.get('d')?.policy.onError).toBeUndefined(); // or it would handle itself
    expect(nodes.get('a')?.retryDelay?.(new Error('x'), 1, { random: () => 0 } as never)).toBe(0);
    expect(nodes.get('a')?.retryDelay?.(new Error('x'), 2, {} as never)).toBeUndefined();
    expect(compile(ok()).plan.nodes.get('a')?.retryDelay).toBeUndefined();
  });

  test('has what is given and what is returned', () => {
    const { plan } = compile(loose({ a: lastValue(), b: lastValue(), c: lastValue() }, { input: ['a'], output: ['c', 'b'] }).addEdge(START, END), { name: 'x', strategy: 'pickFirst' });
    expect([...plan.inputs]).toEqual(['a']);
    expect(plan.output([1, 2, 3])).toEqual({ b: 2, c: 3 });
    expect(plan).toMatchObject({ name: 'x', strategy: 'pickFirst' });
    const all = compile(ok()).plan;
    expect([...all.inputs, ...all.outputs]).toEqual(['n', 'n']);
    expect(all.output).toBe(all.snapshot);
  });

  test('is the same for the same graph', () => {
    const graph = ok().addEdge(['a', 'b'], 'b');
    expect(JSON.stringify(compile(graph).plan)).toBe(JSON.stringify(compile(graph).plan));
  });

  test('a sequence is nodes and the edges between them', () => {
    const { plan } = compile(loose().addSequence([['a', node], ['b', node, { defer: true }], ['c', node]]).addEdge(START, 'a'));
    expect([...plan.nodes.values()].map(({ name, targets }) => [name, ...targets])).toEqual([['a', 'b'], ['b', 'c'], ['c']]);
    expect(plan.nodes.get('b')?.policy.defer).toBe(true);
  });

  test('a path map has nothing but its own paths', () => {
    const { plan } = compile(ok().addConditionalEdges('b', () => 'x', { x: 'a' } as never));
    expect('constructor' in (plan.nodes.get('b')?.branches[0]?.pathMap ?? {})).toBe(false);
  });
});
