import type { Channel } from '../../channels/Channel.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import { fromStored } from './fromStored.js';

/** Where a thread keeps what its channels are: stored as a channel is, when it changes. */
export const SHAPE = '__graph__';

type Shape = Readonly<Record<string, string>>;

/** What the channels of a graph are, as JSON: each one's kind, and what else changes its meaning. */
export function shapeJson({ channels }: GraphPlan): string {
  const stored = channels.filter(({ channel }) => !channel.untracked);
  return JSON.stringify(Object.fromEntries(stored.map(({ name, channel }) => [name, kindOf(channel)])));
}

/** What a channel is, and what else changes its meaning. */
export function kindOf({ kind, signature }: Channel<unknown, unknown>): string {
  return signature === undefined ? kind : `${kind} ${signature}`;
}

/** The stored shape, from JSON. Errors: `STORED_INVALID`. */
export function shapeOf(json: string | undefined): Shape {
  return json === undefined ? {} : fromStored(json, 'the shape of its graph', isShape);
}

/** How the stored channels differ from the graph's: nothing is restored into one of another kind. */
export interface ShapeChange {
  readonly changed?: string | undefined;
  readonly lost?: string | undefined;
}

/** @param shape the graph's, by `shapeJson` */
export function shapeChange(shape: string, json: string | undefined): ShapeChange {
  if (json === undefined || json === shape) return {};
  const now = JSON.parse(shape) as Shape;
  const stored = Object.entries(shapeOf(json));
  const changed = stored.find(([name, kind]) => name in now && now[name] !== kind);
  const lost = stored.find(([name]) => !(name in now));
  return {
    changed: changed && `has a channel '${changed[0]}' that was ${changed[1]}, and is ${String(now[changed[0]])} now`,
    lost: lost && `has a channel '${lost[0]}' (${lost[1]}), which the graph doesn't have any more`,
  };
}

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && Object.values(value).every((kind) => typeof kind === 'string');
}
