import fc from 'fast-check';
import { aggregate } from '../../src/channels/aggregate.js';
import { anyValue } from '../../src/channels/anyValue.js';
import { append } from '../../src/channels/append.js';
import { barrier } from '../../src/channels/barrier.js';
import type { Channel } from '../../src/channels/Channel.js';
import { ephemeral } from '../../src/channels/ephemeral.js';
import { lastValue } from '../../src/channels/lastValue.js';
import { messages, removeMessage } from '../../src/channels/messages.js';
import { topic } from '../../src/channels/topic.js';

/** A way to declare a channel, what may be written to it, and what may be put in its place. */
export interface ChannelKind {
  readonly channel: Channel<unknown, unknown>;
  readonly write: fc.Arbitrary<unknown>;
  readonly value: fc.Arbitrary<unknown>;
}

// As it comes back from JSON, which has no -0.
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const falsy = fc.constantFrom<unknown>(0, '', false, null);
const value = fc.oneof(json, falsy, fc.record({ $overwrite: json }));
const item = fc.oneof(value, fc.array(value, { maxLength: 4 }));
const few = fc.oneof(fc.constantFrom<unknown>('a', 'b', 1, '1', { a: 1, b: 2 }, { b: 2, a: 1 }, [1]), falsy);
const fewItems = fc.oneof(few, fc.array(few, { maxLength: 4 }));
const id = fc.constantFrom('a', 'b', 'c', 'd', 'all', '__proto__');
const message = fc.record({ role: fc.constantFrom('user', 'assistant'), id, content: fc.string() });
const edit = fc.oneof({ weight: 4, arbitrary: message }, { weight: 1, arbitrary: id.map(removeMessage) });
const names = ['a', 'b', 'c'] as const;
const distinct = fc.uniqueArray(message, { selector: (one) => one.id });
const field = fc.constantFrom('a', 'b', '__proto__', 'c');

const kind = <V, U>(channel: Channel<V, U>, write: fc.Arbitrary<unknown>, whole = write): ChannelKind => ({ channel: channel as ChannelKind['channel'], write, value: whole });
const lists = fc.array(value, { maxLength: 4 });

/** Every kind of channel that is stored, and every reducer. */
export const CHANNEL_KINDS: Readonly<Record<string, ChannelKind>> = {
  lastValue: kind(lastValue(), value),
  'lastValue with a default': kind(lastValue<unknown>({ a: 1 }), value),
  anyValue: kind(anyValue(), value),
  ephemeral: kind(ephemeral(), value),
  'ephemeral, not guarded': kind(ephemeral({ guard: false }), value),
  topic: kind(topic(), item, lists),
  'topic, unique': kind(topic({ unique: true }), fewItems, lists),
  'topic, accumulating': kind(topic({ accumulate: true }), item, lists),
  'topic, accumulating and unique': kind(topic({ accumulate: true, unique: true }), fewItems, lists),
  append: kind(append(), item, lists),
  'append with a default': kind(append<unknown>(['first']), item, lists),
  messages: kind(messages(), fc.oneof(edit, fc.array(edit, { maxLength: 4 })), distinct),
  barrier: kind(barrier(names), fc.constantFrom(...names), fc.subarray([...names])),
  sum: kind(aggregate('sum', 0, { delta: true }), fc.integer()),
  min: kind(aggregate('min', undefined, { delta: true }), fc.integer()),
  max: kind(aggregate('max'), fc.integer()),
  and: kind(aggregate('and', true), fc.boolean()),
  or: kind(aggregate('or', undefined, { delta: true }), fc.boolean()),
  concat: kind(aggregate('concat', undefined, { delta: true }), fc.string()),
  union: kind(aggregate('union', undefined, { delta: true }), fewItems, lists),
  merge: kind(aggregate('merge', undefined, { delta: true }), fc.dictionary(field, fc.option(value, { nil: undefined })), fc.dictionary(field, value)),
  'a function': kind(aggregate((longest: string, text: string) => (text.length > longest.length ? text : longest), '', { delta: true }), fc.string()),
};
