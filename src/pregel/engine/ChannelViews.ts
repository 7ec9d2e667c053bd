import { channelView, type PublishedView } from '../../channels/channelView.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import type { ChannelWrites, Checkpoint } from './Checkpoint.js';

/** What can be watched of the channels of one started run. */
export class ChannelViews {
  readonly all: ReadonlyMap<string, PublishedView<unknown>>;
  private readonly placed: readonly PublishedView<unknown>[];
  private states: readonly unknown[];
  private checkpointId = '';

  constructor({ channels }: GraphPlan) {
    this.states = channels.map(({ channel }) => channel.initial());
    this.placed = channels.map(({ channel }, at) => channelView(channel, this.states[at]));
    this.all = new Map(channels.map(({ name }, at) => [name, this.placed[at] as PublishedView<unknown>]));
  }

  /**
   * Tells the channels that changed; nothing of a checkpoint that was told already, and that a run goes on from.
   *
   * @param writes what led there; of channels that they leave out, no items were written
   * @param before where they were written; default: the states that were told last
   */
  publish({ id, states }: Checkpoint, writes?: ChannelWrites, before: readonly unknown[] = this.states): void {
    const told = id === this.checkpointId ? states : this.states;
    this.states = states;
    this.checkpointId = id;
    for (const [at, view] of this.placed.entries()) {
      if (states[at] !== told[at]) view.publish(states[at], writes?.get(at) ?? NONE, before[at]);
    }
  }
}

const NONE: readonly never[] = Object.freeze([]);
