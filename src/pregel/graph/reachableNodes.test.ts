import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { append } from '../../channels/append.js';
import { lastValue } from '../../channels/lastValue.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { checkGraph } from './checkGraph.js';
import { compilePlan } from './compilePlan.js';
import { graphToJson } from './graphToJson.js';
import type { GraphDeclaration } from './GraphDeclaration.js';
import { END, START } from './names.js';
import { stronglyConnected } from './stronglyConnected.js';
import { toMermaid } from './toMermaid.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const name = fc.constantFrom(...NAMES);
const target = fc.constantFrom(...NAMES, END);
/** What a careless caller may say. */
const wild = fc.oneof({ weight: 8, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom(START, END, '', '__x__', 'n', 'constructor', '__proto__') }, { weight: 1, arbitrary: fc.string() });

interface Names {
  readonly source: fc.Arbitrary<string>;
  readonly name: fc.Arbitrary<string>;
  readonly target: fc.Arbitrary<string>;
}

const declaration = (names: Names): fc.Arbitrary<GraphDeclaration> =>
  fc.record({
    channels: fc.constant({ n: lastValue(0), list: append() }),
    input: fc.constant(undefined),
    output: fc.constant(undefined),
    nodes: fc.uniqueArray(fc.record({ name: names.name, node: fc.constant(() => undefined), options: fc.record({ ends: fc.array(names.target, { maxLength: 2 }), onError: names.name }, { requiredKeys: [] }) }), { selector: (node) => node.name, minLength: 1 }),
    edges: fc.array(fc.record({ from: fc.oneof({ weight: 3, arbitrary: names.source }, { weight: 1, arbitrary: fc.array(names.name, { minLength: 1, maxLength: 3 }) }), to: names.target }), { maxLength: 8 }),
    branches: fc.array(fc.record({ from: names.source, branch: fc.record({ route: fc.constant(() => END), pathMap: fc.option(fc.dictionary(fc.string(), names.target, { maxKeys: 3 }), { nil: undefined }) }) }), { maxLength: 2 }),
    defaults: fc.constant({}),
  });
const tame = declaration({ source: fc.constantFrom(START, ...NAMES), name, target });

/** What can be reached, by going over everything until nothing is added. */
function naively({ nodes, edges, branches }: GraphDeclaration): ReadonlySet<string> {
  const reached = new Set([START]);
  const optionsOf = new Map(nodes.map(({ name: known, options }) => [known, options]));
  const reach = (to: string): unknown => optionsOf.has(to) && reached.add(to);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { from, to } of edges) if ([from].flat().every((source) => reached.has(source))) reach(to);
    for (const { from, branch } of branches) {
      if (reached.has(from)) [...(branch.pathMap ? Object.values(branch.pathMap) : (optionsOf.get(from)?.ends ?? optionsOf.keys()))].forEach(reach);
    }
    for (const { name: known, options } of nodes) if (reached.has(known)) [...(options.ends ?? []), options.onError ?? ''].forEach(reach);
  }
  return reached;
}

describe('a random graph', () => {
  test('never makes compile fail but by a GraphError, and can be drawn if it is right', () => {
    fc.assert(
      fc.property(declaration({ source: wild, name: wild, target: wild }), (graph) => {
        try {
          const { plan } = compilePlan(graph);
          expect(toMermaid(plan)).toMatch(/^flowchart TD\n/);
          expect(JSON.parse(JSON.stringify(graphToJson(plan)))).toEqual(graphToJson(plan));
        } catch (error) {
          if (!isRivuletError(error, 'INVALID_GRAPH')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is reached where a naive search reaches it', () => {
    fc.assert(
      fc.property(tame, (graph) => {
        const { errors } = checkGraph(graph);
        const unreached = errors.flatMap(({ code, node }) => (code === 'unreachable_node' ? [node] : []));
        const expected = naively(graph);
        if (errors.some(({ code }) => code === 'no_entry')) expect(expected.size).toBe(1);
        else expect(unreached).toEqual(graph.nodes.map((node) => node.name).filter((node) => !expected.has(node)));
      }),
      { numRuns: 1000 },
    );
  });

  test('has a warning if it has only edges and never ends, and else none', () => {
    const onlyEdges = fc.tuple(tame, fc.boolean()).map(
      ([{ edges, ...rest }, fromStart]): GraphDeclaration => ({
        ...rest,
        branches: [],
        nodes: NAMES.map((each) => ({ name: each, node: () => undefined, options: {} })),
        edges: [...edges, ...NAMES.filter((_, at) => fromStart || at % 2 === 0).map((to) => ({ from: START, to }))],
      }),
    );
    fc.assert(
      fc.property(onlyEdges, (graph) => {
        const { errors, warnings } = checkGraph(graph);
        fc.pre(errors.length === 0);
        expect(warnings.length > 0).toBe(runsOn(graph, 200));
      }),
      { numRuns: 2000 },
    );
  });
});

/** Whether a graph of edges still runs after so many supersteps. */
function runsOn({ edges }: GraphDeclaration, steps: number): boolean {
  const arrived = edges.map(() => new Set<string>());
  let due = new Set([START]);
  for (let step = 0; step < steps && due.size > 0; step++) {
    const next = new Set<string>();
    edges.forEach(({ from, to }, at) => {
      const sources = [from].flat();
      for (const source of sources) if (due.has(source)) arrived[at]?.add(source);
      if (!sources.every((source) => arrived[at]?.has(source))) return;
      arrived[at]?.clear();
      if (to !== END) next.add(to);
    });
    due = next;
  }
  return due.size > 0;
}

describe('stronglyConnected', () => {
  const graph = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });

  test('puts together what leads to one another, and nothing else', () => {
    fc.assert(
      fc.property(graph, (next) => {
        const components = stronglyConnected(next.keys(), (node) => next[node] ?? []);
        const leads = (from: number, to: number, seen = new Set<number>()): boolean => from === to || (next[from] ?? []).some((on) => !seen.has(on) && leads(on, to, seen.add(on)));
        expect(components.flat().sort()).toEqual([...next.keys()]);
        const componentOf = new Map(components.flatMap((component) => component.map((node) => [node, component] as const)));
        for (const a of next.keys()) for (const b of next.keys()) expect(componentOf.get(a) === componentOf.get(b)).toBe(leads(a, b) && leads(b, a));
      }),
    );
  });

  test('takes a path of 100,000 nodes', () => {
    const path = Array.from({ length: 100_000 }, (_, at) => at);
    expect(stronglyConnected(path, (node) => [(node + 1) % path.length])).toHaveLength(1);
  });
});

test('a sequence of 20,000 nodes is compiled in linear time', () => {
  const nodes = Array.from({ length: 20_000 }, (_, at) => ({ name: `n${at}`, node: () => undefined, options: {} }));
  const edges = nodes.map(({ name: to }, at) => ({ from: at === 0 ? START : `n${at - 1}`, to }));
  const { report } = compilePlan({ channels: { n: lastValue(0) }, input: undefined, output: undefined, nodes, edges, branches: [], defaults: {} });
  expect(report).toEqual({ errors: [], warnings: [] });
});
