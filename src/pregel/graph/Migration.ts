import type { Channel } from '../../channels/Channel.js';

/** What became of a channel that was something else: what its value, as nodes read it, is written as to channels that hold nothing yet. */
export interface ChannelMigration {
  readonly was: Channel<unknown>;
  /** Without a channel in it, what was there is dropped. */
  readonly to: (value: never) => Readonly<Record<string, unknown>>;
}

/** How threads that an older graph stored are read: by the names that were stored. */
export interface Migration {
  /** What nodes are called now. */
  readonly nodes?: Readonly<Record<string, string>>;
  /** What channels are called now, or what became of them. */
  readonly channels?: Readonly<Record<string, string | ChannelMigration>>;
}
