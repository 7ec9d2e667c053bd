import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import { append } from '../../src/channels/append.js';
import { channelView } from '../../src/channels/channelView.js';
import { lastValue } from '../../src/channels/lastValue.js';
import { topic } from '../../src/channels/topic.js';
import { marbles } from '../marbles.js';

describe("C1: a run's view of a channel, in time", () => {
  test('tells a value once, when it is published; who comes late gets the current one', marbles(({ cold, expectObservable }) => {
    const view = channelView(lastValue<string>(), 's');
    const publish = (state: string) => view.publish(state, [state]);
    cold('                                 ----a-a-b').subscribe(publish);
    expectObservable(view.value$).toBe('   s---a---b');
    expectObservable(view.value$, '-------^').toBe('-------ab');
    expectObservable(view.value$, '----------------^').toBe('----------------b');
  }));

  test('goes on when a watcher leaves', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const view = channelView(lastValue<string>(), 's');
    const states = cold('                        --a-b-c-|');
    states.subscribe((state) => view.publish(state, [state]));
    expectObservable(view.value$, '^--!').toBe(' s-a');
    expectObservable(view.value$, '^----!').toBe('s-a-b');
    expectObservable(view.value$).toBe('         s-a-b-c');
    expectSubscriptions(states.subscriptions).toBe('^-------!');
  }));

  test("tells a superstep's items in one frame, in order; who comes late gets the last of them", marbles(({ cold, expectObservable }) => {
    const list = topic<string>();
    const view = channelView(list, [], { replay: 2 });
    const items$ = view.items$ ?? NEVER;
    const publish = (item: string) => {
      const writes = [item, [item.toUpperCase()]];
      view.publish(list.update([], writes, 'list'), writes);
    };
    cold('                               --a---b').subscribe(publish);
    expectObservable(items$).toBe('      --(aA)(bB)');
    expectObservable(items$, '--------^').toBe('--------(bB)');
  }));

  test('what a watcher makes happen comes after what it was told', marbles(() => {
    const view = channelView(append<number>(), []);
    const seen: unknown[] = [];
    view.value$.subscribe((list) => {
      seen.push(list);
      if (list?.length === 1) view.publish([1, 2], [2]);
    });
    view.publish([1], [1]);
    expect(seen).toEqual([[], [1], [1, 2]]);
  }));
});
