import { decodeWrite, encodeWrite } from '../../channels/encodeWrite.js';
import { command, isCommand, type Command } from '../graph/command.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import type { PARENT } from '../graph/names.js';
import { isSend, send, type Send, type SendOptions } from '../graph/send.js';
import { isRecord } from './fromStored.js';
import { requireStorable } from './requireStorable.js';
import type { NodeWrite } from './writesOf.js';

interface StoredSend {
  readonly node: string;
  readonly arg: unknown;
  readonly options?: SendOptions;
}

/** A node's write as JSON data: an update, and of a command where it leads. */
export interface StoredWrite {
  readonly update?: Readonly<Record<string, unknown>>;
  readonly command?: true;
  readonly goto?: readonly (string | StoredSend)[];
  readonly graph?: string;
}

/** What a finished task wrote, as JSON, without what is never stored. */
export function nodeWritesToJson(plan: GraphPlan, writes: readonly NodeWrite[]): string {
  return JSON.stringify(writes.map((write) => encoded(plan, write)));
}

/** What a finished task wrote, from JSON data. */
export function nodeWritesFromJson(data: readonly StoredWrite[]): readonly NodeWrite[] {
  return data.map(decoded);
}

/** Whether JSON data is a write. */
export function isStoredWrite(data: unknown): data is StoredWrite {
  if (!isRecord(data)) return false;
  const { update, goto } = data;
  const isTarget = (target: unknown): boolean => typeof target === 'string' || (isRecord(target) && typeof target['node'] === 'string');
  return (update === undefined || isRecord(update)) && (goto === undefined || (Array.isArray(goto) && goto.every(isTarget)));
}

/** New names, by old ones. */
export type Names = Readonly<Record<string, string>>;

/** What something is called now. */
export function nameNow(names: Names, name: string): string {
  return Object.hasOwn(names, name) ? (names[name] as string) : name;
}

/** The same writes, of a graph whose nodes and channels have other names now. */
export function renamedWrites(writes: readonly StoredWrite[], nodes: Names, channels: Names): readonly StoredWrite[] {
  return writes.map(({ update, goto, ...write }): StoredWrite => ({
    ...write,
    ...(update && { update: Object.fromEntries(Object.entries(update).map(([name, value]) => [nameNow(channels, name), value])) }),
    ...(goto && { goto: goto.map((target) => (typeof target === 'string' ? nameNow(nodes, target) : { ...target, node: nameNow(nodes, target.node) })) }),
  }));
}

/** Whether one of them writes to one of these channels. */
export function writesAny(writes: readonly StoredWrite[], channels: ReadonlySet<string>): boolean {
  return channels.size > 0 && writes.some(({ update = {} }) => Object.keys(update).some((name) => channels.has(name)));
}

function encoded(plan: GraphPlan, write: NodeWrite): StoredWrite {
  if (!isCommand(write)) return { update: tracked(plan, write) };
  const { update, goto, graph } = write;
  return {
    command: true,
    ...(update !== undefined && { update: tracked(plan, update as Record<string, unknown>) }),
    ...(goto !== undefined && { goto: [goto].flat().map((target) => (isSend(target) ? storedSend(target) : (target as string))) }),
    ...(graph && { graph }),
  };
}

function decoded({ update, command: isOne, goto, graph }: StoredWrite): NodeWrite {
  const values = update && mapped(update, decodeWrite);
  if (!isOne) return values ?? {};
  const targets = goto?.map((target) => (typeof target === 'string' ? target : send(target.node, target.arg, target.options)));
  return command({ ...(values && { update: values }), ...(targets && { goto: targets }), ...(graph && { graph: graph as typeof PARENT }) }) as Command;
}

function storedSend({ node, arg, options }: Send): StoredSend {
  requireStorable(arg, `what was sent to '${node}'`);
  return { node, arg, ...(options && { options }) };
}

function tracked({ channels, position }: GraphPlan, update: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const stored = Object.entries(update).filter(([name]) => !channels[position.get(name) as number]?.channel.untracked);
  return mapped(Object.fromEntries(stored), encodeWrite);
}

function mapped(update: Readonly<Record<string, unknown>>, map: (value: unknown, channel: string) => unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined).map(([channel, value]) => [channel, map(value, channel)]));
}
