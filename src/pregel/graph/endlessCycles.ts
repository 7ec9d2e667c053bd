import type { Join, Strategy } from './GraphPlan.js';
import type { Leads, Outline } from './outlineOf.js';
import { stronglyConnected } from './stronglyConnected.js';

/**
 * The cycles that a run can't leave but by an interrupt, an error or the recursion limit, each by its nodes. A node goes on for
 * ever if what it leads to does: by an edge, which is always taken, by a branch all of whose choices do, or by a join that the
 * cycle completes again. So a conditional way out is one only if no edge beside it leads back.
 */
export function endlessCycles(outline: Outline, nodes: ReadonlySet<string>, strategy: Strategy = 'parallel'): readonly (readonly string[])[] {
  return cyclesBy(outline, nodes, strategy, new Set(outline.joins.keys()));
}

function cyclesBy(outline: Outline, nodes: ReadonlySet<string>, strategy: Strategy, joins: ReadonlySet<number>): readonly (readonly string[])[] {
  const waysOf = new Map([...nodes].map((name) => [name, waysOn(outline, outline.nodes.get(name) as Leads, joins)]));
  const { endless, isEndless } = endlessNodes(waysOf, strategy);
  const next = (name: string): readonly string[] => (waysOf.get(name) ?? []).filter(isEndless).flat();
  const cycles = stronglyConnected(endless, next).filter(([first = '', ...others]) => others.length > 0 || next(first).includes(first));
  const cycleOf = new Map(cycles.flatMap((cycle) => cycle.map((name) => [name, cycle] as const)));
  const completed = [...joins].filter((at) => {
    const { from, to } = outline.joins[at] as Join;
    return from.every((name) => cycleOf.has(name) && cycleOf.get(name) === cycleOf.get(to));
  });
  return completed.length === joins.size ? cycles : cyclesBy(outline, nodes, strategy, new Set(completed));
}

/** A way on from a node: the nodes that it may lead to. None: it may lead anywhere, or end. */
type Way = readonly string[];

/** The nodes that go on for ever: what is left once those are gone that needn't lead on to one that is left. */
function endlessNodes(waysOf: ReadonlyMap<string, readonly Way[]>, strategy: Strategy): { readonly endless: ReadonlySet<string>; readonly isEndless: (way: Way) => boolean } {
  const endless = new Set(waysOf.keys());
  const isEndless = (way: Way): boolean => way.length > 0 && way.every((name) => endless.has(name));
  const goesOn = (ways: readonly Way[]): boolean => (strategy === 'parallel' ? ways.some(isEndless) : ways.length > 0 && ways.every(isEndless));
  const dependents = dependentsIn(waysOf);
  const doubtful = [...endless];
  for (let name = doubtful.pop(); name !== undefined; name = doubtful.pop()) {
    if (!endless.has(name) || goesOn(waysOf.get(name) ?? [])) continue;
    endless.delete(name);
    doubtful.push(...(dependents.get(name) ?? []));
  }
  return { endless, isEndless };
}

function waysOn(outline: Outline, leads: Leads, joins: ReadonlySet<number>): readonly Way[] {
  const joined = leads.joins.flatMap((at) => (joins.has(at) ? [[outline.joins[at]?.to ?? '']] : []));
  return [...leads.targets.map((to) => [to]), ...leads.choices.map((choice) => choice ?? []), ...joined];
}

/** Whose way on depends on a node. */
function dependentsIn(waysOf: ReadonlyMap<string, readonly Way[]>): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const [name, ways] of waysOf) {
    for (const on of new Set(ways.flat())) {
      const list = dependents.get(on);
      if (list) list.push(name);
      else dependents.set(on, [name]);
    }
  }
  return dependents;
}
