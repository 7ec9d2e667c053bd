import { describe, expect, test } from '@jest/globals';
import { append } from '../../channels/append.js';
import { lastValue } from '../../channels/lastValue.js';
import { overwrite } from '../../channels/overwrite.js';
import { edit } from './edit.js';
import { START } from './names.js';
import { StateGraph } from './StateGraph.js';

describe('S2: edit', () => {
  const state = { plan: { steps: ['a', 'b'], done: 0 }, notes: ['x'], n: 1 };

  test('is an update of the channels that changed, and leaves the state alone', () => {
    expect(edit(state, (draft) => void draft.plan.steps.push('c'))).toEqual({ plan: overwrite({ steps: ['a', 'b', 'c'], done: 0 }) });
    expect(edit(state, (draft) => (draft.n += 1))).toEqual({ n: overwrite(2) });
    expect(edit(state, () => 'nothing')).toEqual({});
    expect(state).toEqual({ plan: { steps: ['a', 'b'], done: 0 }, notes: ['x'], n: 1 });
  });

  test('shares what did not change', () => {
    const { plan } = edit({ plan: { kept: state.plan, n: 0 } }, ({ plan: draft }) => void draft.n++);
    expect(plan?.value.kept).toBe(state.plan);
  });

  test.each([2, 17, 100])('in a graph of %i channels, a list is what the draft is, whatever its reducer', (count) => {
    const others = Object.fromEntries(Array.from({ length: count - 2 }, (_, at) => [`c${at}`, lastValue(at)]));
    const graph = new StateGraph({ notes: append<string>(), n: lastValue(0), ...others })
      .addNode('a', (all) => edit(all, (draft) => {
        draft.notes = draft.notes.filter((note) => note !== 'no');
        draft.notes.push('yes');
      }))
      .addEdge(START, 'a')
      .compile();
    const states: { readonly notes: readonly string[] }[] = [];
    graph.run({ notes: ['no', 'so'] }).subscribe((one) => states.push(one));
    expect(states.at(-1)).toMatchObject({ notes: ['so', 'yes'], n: 0 });
  });
});
