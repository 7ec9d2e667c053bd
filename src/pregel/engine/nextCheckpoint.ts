import type { RunScope } from '../../core/context/RunScope.js';
import { isCommand } from '../graph/command.js';
import type { Exits, GraphPlan, Join } from '../graph/GraphPlan.js';
import { applyAll, gathered, together } from './gathered.js';
import { Checkpoint, type ChannelWrites, type DueTask } from './Checkpoint.js';
import { route, type Routes } from './routing.js';
import type { NodeWrite } from './writesOf.js';

/** A task that ended, in the order of its path. */
export interface Finished {
  readonly name: string;
  readonly exits: Exits;
  readonly writes: readonly NodeWrite[];
  readonly run: RunScope;
}

/** What a task's end leads to. */
export interface Led {
  readonly task: Finished;
  readonly writes: ChannelWrites;
  /** The channels' states after the superstep, if it is the only one of that. */
  readonly states: readonly unknown[] | undefined;
  /** What its branches and commands said; its edges alone are looked up at the barrier. */
  readonly routes: Routes | undefined;
}

export interface Advance {
  readonly checkpoint: Checkpoint;
  readonly writes: ChannelWrites;
}

/** Prepares one task's writes and routes: as it ends, so that what is refused of them is its failure. */
export function leadOf(plan: GraphPlan, before: Checkpoint, task: Finished, ids: () => string): Led {
  const writes = gathered(plan, task.writes, ids);
  const states = before.due.length <= 1 ? applyAll(plan, before.states, writes) : undefined;
  const isLed = task.exits.branches.length > 0 || task.writes.some(isCommand);
  if (!isLed) return { task, writes, states, routes: undefined };
  const routes = noRoutes();
  addRoutesOf(plan, task, () => plan.snapshot(states ?? applyAll(plan, before.states, writes)), routes);
  return { task, writes, states, routes };
}

/** The update at the barrier: applies all writes in task order, and says what is due. Pure, but for the ids it takes. */
export function nextCheckpoint(plan: GraphPlan, before: Checkpoint, tasks: readonly Led[], ids: () => string): Advance {
  const only = tasks.length === 1 ? (tasks[0] as Led) : undefined;
  const writes = together(tasks.map((led) => led.writes));
  const states = only?.states ?? applyAll(plan, before.states, writes);
  const routes = only?.routes ?? noRoutes();
  for (const { task, routes: led } of tasks) {
    if (!led) addRoutesOf(plan, task, () => before.state, routes);
    else if (led !== routes) addRoutes(routes, led);
  }
  const arrived = arrive(plan, before.arrived, routes);
  const id = ids();
  const { nodes, deferred } = held(plan, routes, before.deferred);
  const due = dueTasks(id, nodes, routes);
  const ran = only ? [only.task.name] : [...new Set(tasks.map(({ task }) => task.name))];
  const fields = { id, parentId: before.id || undefined, step: before.step + 1, states: due.length === 0 ? finish(plan, states) : states, due, ran, arrived, deferred, choice: routes.choice };
  return { checkpoint: new Checkpoint(plan, fields), writes };
}

/** @param state what a routing function reads: the step's snapshot with its own task's writes, and no sibling's */
function addRoutesOf(plan: GraphPlan, { name, exits, writes, run }: Finished, state: () => object, routes: Routes): void {
  route(plan, name, exits, writes, lazily(state), run, routes);
}

function noRoutes(): Routes {
  return { nodes: new Set(), sends: [], arrivals: [], choice: [] };
}

function addRoutes(all: Routes, { nodes, sends, arrivals, choice }: Routes): void {
  for (const node of nodes) all.nodes.add(node);
  for (const send of sends) all.sends.push(send);
  for (const arrival of arrivals) all.arrivals.push(arrival);
  for (const node of choice) all.choice.push(node);
}

/** A join is looked at once, however many arrive: a superstep of a wide one would cost the square of its width. */
function arrive(plan: GraphPlan, before: Checkpoint['arrived'], { arrivals, nodes }: Routes): Checkpoint['arrived'] {
  if (arrivals.length === 0) return before;
  const arrived = before.slice();
  for (const [at, names] of arrivedBy(arrivals, before)) {
    const { from, to } = plan.joins[at] as Join;
    const isComplete = from.every((name) => names.has(name));
    arrived[at] = isComplete ? [] : [...names];
    if (isComplete) nodes.add(to);
  }
  return arrived;
}

/** Who has arrived at the joins that somebody arrives at now. */
function arrivedBy(arrivals: Routes['arrivals'], before: Checkpoint['arrived']): ReadonlyMap<number, ReadonlySet<string>> {
  const all = new Map<number, Set<string>>();
  for (const [join, node] of arrivals) {
    const names = all.get(join);
    if (names) names.add(node);
    else all.set(join, new Set(before[join]).add(node));
  }
  return all;
}

/** Deferred nodes wait until nothing else is due, and then run together. */
function held(plan: GraphPlan, { nodes, sends }: Routes, waiting: readonly string[]): { readonly nodes: readonly string[]; readonly deferred: readonly string[] } {
  const all = [...nodes];
  const deferring = all.filter((name) => plan.nodes.get(name)?.policy.defer);
  if (deferring.length === 0 && waiting.length === 0) return { nodes: all, deferred: waiting };
  const deferred = [...new Set([...waiting, ...deferring])];
  const now = all.filter((name) => !deferred.includes(name));
  return now.length === 0 && sends.length === 0 ? { nodes: deferred, deferred: [] } : { nodes: now, deferred };
}

function dueTasks(checkpointId: string, nodes: readonly string[], { sends }: Routes): readonly DueTask[] {
  const pulled = [...nodes].sort().map((node) => ({ id: `${checkpointId}/${node}`, node, path: node }));
  const sent = sends.map(({ node, arg, options }, at): DueTask => {
    const path = `~${at}`;
    return { id: `${checkpointId}/${path}/${node}`, node, path, arg: { value: arg }, ...(options?.timeout && { timeout: options.timeout }) };
  });
  return sent.length === 0 ? pulled : [...pulled, ...sent];
}

function finish(plan: GraphPlan, states: readonly unknown[]): readonly unknown[] {
  if (plan.finishing.length === 0) return states;
  const next = states.slice();
  for (const at of plan.finishing) next[at] = plan.channels[at]?.channel.finish?.(states[at] as never);
  return next;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
