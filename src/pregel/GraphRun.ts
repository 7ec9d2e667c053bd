import { Observable } from 'rxjs';
import type { ChannelView } from '../channels/channelView.js';
import type { Run } from '../core/flow/start.js';
import { Link } from '../core/subscription.js';
import type { ChannelViews } from './engine/ChannelViews.js';
import type { Channels } from './graph/StateOf.js';

/**
 * A started run of a graph: its channels can be watched one by one.
 *
 * @example
 * ```ts
 * import { lastValue } from 'rivulet/channels';
 * import { START, StateGraph } from 'rivulet/pregel';
 *
 * const graph = new StateGraph({ n: lastValue(0) }).addNode('inc', async ({ n }) => ({ n: n + 1 })).addEdge(START, 'inc').compile();
 * const run = graph.start({});
 * run.channels.n.value$.subscribe(); // 0, then 1
 * await run.result;
 * ```
 */
export interface GraphRun<S, C extends Channels> extends Run<S, S> {
  /** By name. They tell the present value, then each change, once a superstep, after its commit; and complete with the run. */
  readonly channels: { readonly [K in keyof C]: ChannelView<C[K]> };
}

/** Adds the channels to a run's handle. */
export function withChannels<S, C extends Channels>(run: Run<S, S>, views: ChannelViews): GraphRun<S, C> {
  const channels = [...views.all].map(([name, { value$, items$ }]) => [name, { value$: duringRun(value$, run), ...(items$ && { items$: duringRun(items$, run) }) }] as const);
  return Object.assign(run, { channels: Object.fromEntries(channels) as unknown as GraphRun<S, C>['channels'] });
}

/** What is told until the run ends. Whoever hears it counts among the run's subscribers. */
function duringRun<T>(told: Observable<T>, { status$ }: Run<unknown, unknown>): Observable<T> {
  return new Observable((subscriber) => {
    subscriber.add(told.subscribe((value) => subscriber.next(value)));
    status$.subscribe(new Link<unknown>(subscriber as never, { next: () => undefined }));
  });
}
