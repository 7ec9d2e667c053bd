// Channels
export { lastValue } from './lastValue.js';
export { anyValue } from './anyValue.js';
export { ephemeral, type EphemeralOptions } from './ephemeral.js';
export { topic, type Topic, type TopicOptions } from './topic.js';
export { aggregate, type AggregateOptions } from './aggregate.js';
export { append } from './append.js';
export { barrier } from './barrier.js';
export { untracked } from './untracked.js';
export { messages, removeMessage, type Messages, type MessageShape, type MessagesWrite, type RemoveMessage } from './messages.js';
export type { Reducer } from './leftFold.js';
export type { ReducerName } from './reducers.js';

// Writes
export { isOverwrite, overwrite, type Overwrite } from './overwrite.js';
export { InvalidUpdateError } from './InvalidUpdateError.js';

// A channel of one's own
export type { Channel, ListChannel, ValueOf, WriteOf } from './Channel.js';

// What a run shows and stores of its channels
export type { ChannelView } from './channelView.js';
export type { StoredEntry } from './stored.js';
