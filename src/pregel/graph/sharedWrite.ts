import { aggregate } from '../../channels/aggregate.js';
import { append } from '../../channels/append.js';
import type { Channel } from '../../channels/Channel.js';
import { topic } from '../../channels/topic.js';
import { canonicalJson } from '../../core/flow/canonicalJson.js';
import type { GraphPlan } from './GraphPlan.js';
import type { Channels } from './StateOf.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a graph, run as a node, writes to the channels it shares with the graph above: their values; but where a list, a text or a
 * sum grows in both, only what was added within. Given back whole, what it was given would be added once more.
 */
export function sharedWrite({ outputs, channels: within }: GraphPlan, above: Channels): (result: object, input: object) => object {
  const shared = within.filter(({ name }) => outputs.has(name) && name in above).map(({ name, channel }) => ({ name, channel, added: addedTo(channel, above[name] as Channel<unknown>) }));
  return (result, input) => {
    const entries = shared.map(({ name, channel, added }) => {
      const value = (result as Fields)[name];
      const before = added && begun(channel, name, (input as Fields)[name]);
      return [name, before === undefined || value === undefined ? value : added?.(value, before)];
    });
    return Object.fromEntries(entries) as object;
  };
}

type Added = (value: unknown, start: unknown) => unknown;

const addedToList: Added = (list, start) => (beginsWith(list as unknown[], start as unknown[]) ? (list as unknown[]).slice((start as unknown[]).length) : list);
const addedToText: Added = (text, start) => (String(text).startsWith(String(start)) ? String(text).slice(String(start).length) : text);

/** How what was added is told from what was there, by the kinds of channels that add. */
const ADDED: ReadonlyMap<string, Added> = new Map([
  [kindOf(append()), addedToList],
  [kindOf(topic({ accumulate: true })), addedToList],
  [kindOf(aggregate('concat')), addedToText],
  [kindOf(aggregate('sum')), (sum, start) => (sum as number) - (start as number)],
]);

function kindOf({ kind, signature }: Pick<Channel<unknown>, 'kind' | 'signature'>): string {
  return `${kind} ${signature}`;
}

function addedTo(channel: Channel<unknown>, above: Channel<unknown>): Added | undefined {
  return kindOf(channel) === kindOf(above) ? ADDED.get(kindOf(channel)) : undefined;
}

/** What the channel held when the graph began. */
function begun(channel: Channel<unknown>, name: string, given: unknown): unknown {
  const initial = channel.initial();
  return given === undefined ? initial : channel.update(initial, [given], name);
}

function beginsWith(list: readonly unknown[], start: readonly unknown[]): boolean {
  return list.length >= start.length && start.every((item, at) => item === list[at] || canonicalJson(item) === canonicalJson(list[at]));
}
