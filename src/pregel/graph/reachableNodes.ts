import type { Leads, Outline } from './outlineOf.js';

/**
 * The nodes that a run can come to: by edges, by what branches and commands may say, as an error's handler, and by a join once
 * all that it awaits can be come to. A branch that says nothing of where it leads may lead anywhere.
 */
export function reachableNodes({ start, nodes, joins }: Outline): ReadonlySet<string> {
  const reached = new Set<string>();
  const arrivals = joins.map(() => 0);
  const open: Leads[] = [start];

  function reach(name: string): void {
    const leads = nodes.get(name);
    if (!leads || reached.has(name)) return;
    reached.add(name);
    open.push(leads);
  }

  function arrive(at: number): void {
    const arrived = (arrivals[at] ?? 0) + 1;
    arrivals[at] = arrived;
    const join = joins[at];
    if (join?.from.length === arrived) reach(join.to);
  }

  for (let leads = open.pop(); leads; leads = open.pop()) {
    leads.targets.forEach(reach);
    leads.ends.forEach(reach);
    leads.joins.forEach(arrive);
    for (const choice of leads.choices) {
      if (choice) choice.forEach(reach);
      else if (reached.size < nodes.size) [...nodes.keys()].forEach(reach);
    }
    if (leads.policy.onError !== undefined) reach(leads.policy.onError);
  }
  return reached;
}
