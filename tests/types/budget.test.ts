import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkTexts, type Checked } from './checkTexts.js';

const IMPORTS = `import { map } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
`;

const step = (index: number): string => (index === 0 ? 'lambda((x: number) => ({ x }))' : index % 2 === 0 ? 'lambda((x) => ({ x }))' : 'map((x) => ({ x }))');
const steps = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => step(from + i)).join(',\n  ');

/** 40 steps, of which each wraps what the one before it gave: two chains of 20 in a chain. */
const FORTY = `${IMPORTS}
const forty = chain(chain(
  ${steps(0, 20)},
), chain(
  ${steps(20, 40)},
));
export const n: Promise<number> = forty.invoke(1).then((result) => result${'.x'.repeat(40)});
`;

/** A chain with a step that doesn't fit: the third, on line 8. */
const BROKEN = `${IMPORTS}
export const broken = chain(
  lambda((x: number) => x),
  lambda((x: number) => x),
  lambda((x: string) => x),
  lambda((x) => x),
);
`;

const GRAPH_IMPORTS = `import { append } from '../../src/channels/append.js';
import { lastValue } from '../../src/channels/lastValue.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
`;

const each = (count: number, line: (at: number) => string): string => Array.from({ length: count }, (_, at) => line(at)).join('');

/** 60 nodes, an edge to each, and 20 conditional edges. */
const SIXTY = `${GRAPH_IMPORTS}
export const graph = new StateGraph({ n: lastValue<number>(), notes: append<string>() })
  ${each(60, (at) => `.addNode('node${at}', (state) => ({ n: state.n + ${at} }))\n  `)}.addEdge(START, 'node0')
  ${each(59, (at) => `.addEdge('node${at}', 'node${at + 1}')\n  `)}${each(20, (at) => `.addConditionalEdges('node${at}', (state) => (state.n > ${at} ? 'node${at + 7}' : END))\n  `)}.compile();
`;

/** A graph with a target that isn't there: on line 8. */
const ASTRAY = `${GRAPH_IMPORTS}
export const astray = new StateGraph({ n: lastValue<number>() })
  .addNode('one', (state) => ({ n: state.n }))
  .addEdge('one', 'tow');
`;

const FILES: Readonly<Record<string, string>> = {
  ...{ 'imports.generated.ts': IMPORTS, 'forty.generated.ts': FORTY, 'broken.generated.ts': BROKEN },
  ...{ 'graphImports.generated.ts': GRAPH_IMPORTS, 'sixty.generated.ts': SIXTY, 'astray.generated.ts': ASTRAY },
};

let checked: Readonly<Record<string, Checked>>;
beforeAll(() => {
  checked = checkTexts(FILES);
});

describe('a chain of 40 steps', () => {
  test('compiles', () => {
    expect(checked['forty.generated.ts']?.errors).toEqual([]);
  });

  test('costs the compiler no more than its budget', () => {
    const { instantiations = NaN, types = NaN } = checked['forty.generated.ts'] ?? {};
    expect(instantiations).toBeGreaterThan(1_000); // else it counts nothing
    expect(instantiations).toBeLessThan(30_000);
    expect(types).toBeLessThan(15_000);
  });

  test('has an error at the very step that doesn\'t fit', () => {
    expect(checked['broken.generated.ts']?.errors).toEqual([expect.stringMatching(/^8: No overload matches/)]);
  });
});

describe('a graph of 60 nodes', () => {
  test('compiles', () => {
    expect(checked['sixty.generated.ts']?.errors).toEqual([]);
  });

  test('costs the compiler no more than its budget', () => {
    const { instantiations = NaN, types = NaN } = checked['sixty.generated.ts'] ?? {};
    expect(instantiations).toBeGreaterThan(1_000);
    expect(instantiations).toBeLessThan(45_000);
    expect(types).toBeLessThan(15_000);
  });

  test('has an error at the very call that leads astray', () => {
    expect(checked['astray.generated.ts']?.errors).toEqual([expect.stringMatching(/^8: Argument of type '"tow"'/)]);
  });
});
