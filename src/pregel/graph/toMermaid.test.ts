import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { append } from '../../channels/append.js';
import { lastValue } from '../../channels/lastValue.js';
import { untracked } from '../../channels/untracked.js';
import { command } from './command.js';
import { compilePlan } from './compilePlan.js';
import { graphToJson } from './graphToJson.js';
import { END, START } from './names.js';
import { StateGraph } from './StateGraph.js';
import { toMermaid } from './toMermaid.js';

const node = (): undefined => undefined;
const inner = new StateGraph({ n: lastValue(0), own: untracked<number>() }, { output: ['n'] })
  .addNode('search', node)
  .addNode('read', node, { defer: true })
  .addEdge(START, 'search')
  .addEdge('search', 'read')
  .compile({ name: 'research' });
const { plan } = new StateGraph({ n: lastValue(0), notes: append<string>() })
  .addNode('plan', node, { metadata: { owner: 'team "A"', level: 2 } })
  .addNode('research', inner)
  .addNode('write', node, { onError: 'mend' })
  .addNode('review', () => command({ goto: 'write' }), { ends: ['write', END] })
  .addNode('mend', node)
  .addNode('loose', node)
  .addEdge(START, 'plan')
  .addConditionalEdges('plan', () => 'deep', { deep: 'research', quick: 'write' })
  .addEdge(['research', 'write'], 'review')
  .addConditionalEdges('mend', () => 'write', ['write', 'loose'])
  .addConditionalEdges('loose', () => END)
  .compile({ name: 'report' });

describe('G5 a graph', () => {
  test('is drawn: dashed where it is conditional, joins, graphs within, metadata', () => {
    expect(toMermaid(plan)).toMatchSnapshot();
  });

  test('is described as JSON', () => {
    expect(graphToJson(plan)).toMatchSnapshot();
    expect(JSON.parse(JSON.stringify(graphToJson(plan)))).toEqual(graphToJson(plan));
  });

  test('without an end has none', () => {
    expect(toMermaid(inner.plan)).toBe(['flowchart TD', '  n0([START])', '  n1["search"]', '  n2["read<br/>deferred"]', '  n0 --> n1', '  n1 --> n2', ''].join('\n'));
  });
});

describe('whatever names contain', () => {
  const named = (name: string, label: string): string =>
    toMermaid(
      compilePlan({
        channels: {},
        input: undefined,
        output: undefined,
        nodes: [{ name, node, options: { metadata: { [label]: label } } }],
        edges: [{ from: START, to: name }],
        branches: [{ from: name, branch: { route: node, pathMap: { [label]: END } } }],
        defaults: {},
      }).plan,
    );

  test.each(['"]; evil["', '%%{init: {"theme":"dark"}}%%', 'a\nend\nb', '<script>alert(1)</script>', '`**md**`', '#quot;', 'a --> b', 'click n0 "javascript:alert(1)"', '\u2028\u0000\ud800', '日本語 é 👩‍🚀', 'constructor'])('%j stands as text', (name) => {
    expect(named(name, name)).toMatchSnapshot();
  });

  test('a diagram has the lines of its structure, and no others', () => {
    const line = /^ {2}(n\d\(\[(START|END)\]\)|n1\["[^"`<>%{}[\]\n]*(<br\/>[^"`<>%{}[\]\n]*)?"\]|n0 --> n1|n1 -\.->(\|"[^"`<>%{}[\]\n|]*"\|)? n2)$/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (name, label) => {
        fc.pre(!(name.startsWith('__') && name.endsWith('__')));
        const lines = named(name, label).split('\n');
        expect([lines.length, lines[0], lines.at(-1)]).toEqual([7, 'flowchart TD', '']);
        for (const one of lines.slice(1, -1)) expect(one).toMatch(line);
      }),
      { numRuns: 500 },
    );
  });
});
