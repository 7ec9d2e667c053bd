import type { GraphPlan } from '../graph/GraphPlan.js';
import type { Checkpoint, DueTask } from './Checkpoint.js';
import { fromStored, isNames, isRecord } from './fromStored.js';
import { nameNow, type Names } from './nodeWritesJson.js';
import { requireStorable } from './requireStorable.js';
import type { Answer } from './TaskWork.js';

/** An interrupt of the superstep that led to a checkpoint, and what came of it; with neither, new input closed it. */
export interface PastInterrupt {
  readonly id: string;
  readonly payload: unknown;
  readonly answer?: { readonly value: unknown };
  readonly expired?: true;
}

/** What came of it so far. */
export function pastInterrupt(id: string, payload: unknown, answer: Answer | undefined): PastInterrupt {
  if (answer === 'expired') return { id, payload, expired: true };
  return answer ? { id, payload, answer } : { id, payload };
}

/** Which of its nodes have run, for a join that waits for the others. */
interface StoredJoin {
  readonly from: readonly string[];
  readonly to: string;
  readonly arrived: readonly string[];
}

/** What a checkpoint is besides its channels. What is empty is left out. */
interface StoredBody {
  readonly due: readonly DueTask[];
  readonly choice?: readonly string[];
  /** Of a graph within a task: which call of it this is. */
  readonly call?: string;
  readonly ran?: readonly string[];
  readonly joins?: readonly StoredJoin[];
  readonly deferred?: readonly string[];
  readonly past?: readonly PastInterrupt[];
}

/** The body of a checkpoint, as it is used. */
export interface Body extends Pick<Checkpoint, 'due' | 'choice' | 'ran' | 'arrived' | 'deferred'> {
  readonly call: string | undefined;
  readonly past: readonly PastInterrupt[];
  /** What the graph, as it is now, lacks to go on from here. */
  readonly lost: string | undefined;
}

/** @throws RivuletError `INVALID_UPDATE` for an argument of a send that isn't JSON */
export function bodyJson(plan: GraphPlan, { due, choice, ran, arrived, deferred }: Checkpoint, past: readonly PastInterrupt[], call: string | undefined): string {
  for (const { node, arg } of due) if (arg) requireStorable(arg.value, `what was sent to '${node}'`);
  const joins = plan.joins.flatMap(({ from, to }, at): StoredJoin[] => (arrived[at]?.length ? [{ from, to, arrived: arrived[at] }] : []));
  const body: StoredBody = { due, ...(call !== undefined && { call }), ...ifAny({ choice, ran, joins, deferred, past }) };
  return JSON.stringify(body);
}

function ifAny(lists: Readonly<Record<string, readonly unknown[]>>): object {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

/** @throws RivuletError `STORED_INVALID` */
export function bodyFromJson(plan: GraphPlan, json: string, what: string): Body {
  const { due, choice = [], call, ran = [], joins = [], deferred = [], past = [] } = fromStored(json, what, isBody);
  const arrived = plan.joins.map((join) => joins.find((stored) => isSame(stored, join))?.arrived ?? []);
  return { due, choice, call, ran, arrived, deferred, past, lost: lostNode(plan, [...due.map(({ node }) => node), ...deferred]) ?? lostJoin(plan, joins) };
}

/** The same body, of a graph whose nodes have other names now. */
export function renamedBody(json: string, names: Names, what: string): string {
  const { due, joins, choice, ran, deferred, ...body } = fromStored(json, what, isBody);
  const now = (name: string): string => nameNow(names, name);
  const all = (list: readonly string[] = []): readonly string[] => list.map(now);
  const renamed = joins?.map(({ from, to, arrived }) => ({ from: all(from), to: now(to), arrived: all(arrived) })) ?? [];
  return JSON.stringify({ due: due.map((task) => ({ ...task, node: now(task.node) })), ...body, ...ifAny({ choice: all(choice), ran: all(ran), joins: renamed, deferred: all(deferred) }) });
}

function isBody(value: unknown): value is StoredBody {
  if (!isRecord(value) || !Array.isArray(value['due'])) return false;
  return Object.entries(PARTS).every(([name, isPart]) => value[name] === undefined || isPart(value[name]));
}

const PARTS: Readonly<Record<keyof StoredBody, (value: unknown) => boolean>> = {
  due: listOf(({ id, node, path, arg }) => isNames([id, node, path]) && (arg === undefined || isRecord(arg))),
  choice: isNames,
  call: (value) => typeof value === 'string',
  ran: isNames,
  joins: listOf(({ from, to, arrived }) => isNames(from) && typeof to === 'string' && isNames(arrived)),
  deferred: isNames,
  past: listOf(({ id }) => typeof id === 'string'),
};

function listOf(isOne: (item: Readonly<Record<string, unknown>>) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every((item) => isRecord(item) && isOne(item));
}

const isSame = (a: Pick<StoredJoin, 'from' | 'to'>, b: Pick<StoredJoin, 'from' | 'to'>): boolean => a.to === b.to && a.from.length === b.from.length && a.from.every((node) => b.from.includes(node));

function lostNode({ nodes }: GraphPlan, due: readonly string[]): string | undefined {
  const lost = due.find((node) => !nodes.has(node));
  return lost && `has a task for node '${lost}', which the graph doesn't have any more`;
}

function lostJoin(plan: GraphPlan, stored: readonly StoredJoin[]): string | undefined {
  const lost = stored.find((join) => !plan.joins.some((one) => isSame(join, one)));
  return lost && `waits to join ${lost.from.join(', ')} in '${lost.to}', an edge that the graph doesn't have any more`;
}
