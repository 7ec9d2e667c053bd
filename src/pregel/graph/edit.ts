import { createDraft, finishDraft, type Draft } from 'immer';
import { overwrite, type Overwrite } from '../../channels/overwrite.js';

/** The channels that were changed, each with what it is to hold. */
export type Edit<S> = { readonly [K in keyof S]?: Overwrite<S[K]> };

/**
 * Makes a node's update by changing a draft of the state, with immer: of the channels that changed, and of no other. Each is
 * overwritten, whatever its reducer: to add to a list beside siblings that do so too, return what is to be added instead.
 *
 * @param recipe changes the draft; what it returns is ignored
 *
 * @example
 * ```ts
 * import { append, lastValue } from 'rivulet/channels';
 * import { edit, START, StateGraph } from 'rivulet/pregel';
 *
 * const graph = new StateGraph({ plan: lastValue({ steps: ['read', 'guess'], done: 0 }), notes: append<string>() })
 *   .addNode('revise', (state) =>
 *     edit(state, (draft) => {
 *       draft.plan.steps[1] = 'check';
 *       draft.plan.done++;
 *     }),
 *   )
 *   .addEdge(START, 'revise')
 *   .compile();
 * const { plan } = await graph.invoke({}); // { steps: ['read', 'check'], done: 1 }
 * ```
 */
export function edit<S extends object>(state: S, recipe: (draft: Draft<S>) => unknown): Edit<S> {
  const draft = createDraft(state);
  recipe(draft);
  const edited = finishDraft(draft) as S;
  const changed = (Object.keys(edited) as (keyof S)[]).filter((name) => edited[name] !== state[name]);
  return Object.fromEntries(changed.map((name) => [name, overwrite(edited[name])])) as Edit<S>;
}
