import { expect, test } from '@jest/globals';
import { lastValue } from '../../src/channels/index.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';

/** A synchronous cycle that never ends. */
const endless = new StateGraph({ n: lastValue(0) }).addNode('count', ({ n }) => ({ n: n + 1 })).addEdge(START, 'count').addConditionalEdges('count', () => 'count').compile();

test('S13: a synchronous cycle that never ends is cancelled by a timer, and runs into its timeout', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1);
  await expect(endless.invoke({}, { recursionLimit: 1e9, signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(endless.invoke({}, { recursionLimit: 1e9, timeoutMs: 1 })).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test.each([['setImmediate', undefined], ['MessageChannel', ['setImmediate']], ['timers alone', ['setImmediate', 'MessageChannel']]])('S13: others have their turn on a platform with %s', async (_what, lacking = []) => {
  const kept = lacking.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  for (const name of lacking) Reflect.set(globalThis, name, undefined);
  try {
    let seen = 0;
    const run = endless.run({}, { recursionLimit: 1_500 });
    const ended = new Promise((resolve) => run.subscribe({ next: ({ n }) => (seen = n), error: resolve }));
    expect(seen).toBe(512);
    expect(await ended).toMatchObject({ code: 'GRAPH_RECURSION_LIMIT' });
    expect(seen).toBe(1_500);
  } finally {
    for (const [name, descriptor] of kept) Object.defineProperty(globalThis, name, descriptor as PropertyDescriptor);
  }
});
