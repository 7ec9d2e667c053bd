import type { Channel, ValueOf, WriteOf } from '../../channels/Channel.js';
import type { StateSchema, ChannelsOfSchema } from './schemaChannels.js';

/** What a graph's state is made of: channels by name. */
export type Channels = Readonly<Record<string, Channel<unknown>>>;

/** How a graph's state is declared: by channels, or by a schema of an object whose fields become channels. */
export type StateSpec = Channels | StateSchema;

/** The channels of a spec, or of a graph. */
export type ChannelsOf<T> = T extends Channels ? T : T extends StateSchema ? ChannelsOfSchema<T> : T extends { readonly spec: infer S } ? ChannelsOf<S> : never;

/** The names of a spec's channels. */
export type ChannelName<T> = keyof ChannelsOf<T> & string;

type Frozen<V> = V extends readonly unknown[] ? Readonly<V> : V;

/** What a node reads: the value of each channel. */
export type StateOf<T> = { readonly [K in keyof ChannelsOf<T>]: Frozen<ValueOf<ChannelsOf<T>[K]>> };

/** What a node writes: some of the channels. */
export type UpdateOf<T> = { readonly [K in keyof ChannelsOf<T>]?: WriteOf<ChannelsOf<T>[K]> | undefined };
