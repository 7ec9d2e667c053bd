import { afterEach, describe, expect, test } from '@jest/globals';
import type { Observable } from 'rxjs';
import { platform, type Platform } from '../core/bridge/platform.js';
import { append } from './append.js';
import { barrier } from './barrier.js';
import { channelView } from './channelView.js';
import { ephemeral } from './ephemeral.js';
import { lastValue } from './lastValue.js';
import { overwrite } from './overwrite.js';
import { topic } from './topic.js';
import { untracked } from './untracked.js';

const heard = <T>(source: Observable<T> | undefined): T[] => {
  const values: T[] = [];
  source?.subscribe((value) => values.push(value));
  return values;
};

const writable: { -readonly [K in keyof Platform]: Platform[K] } = platform;
const { development } = platform;
afterEach(() => {
  writable.development = development;
});

describe("C1: a channel's value$", () => {
  test('tells the value it has, then what is published, each once', () => {
    const view = channelView(lastValue<unknown>(), 1);
    const values = heard(view.value$);
    for (const state of [1, 2, 2, 0, '', false, null, undefined]) view.publish(state, [state]);
    expect(values).toEqual([1, 2, 0, '', false, null, undefined]);
    expect(heard(view.value$)).toEqual([undefined]);
  });

  test('says nothing before it is told to: an update alone is not seen', () => {
    const list = append<string>();
    const view = channelView(list, list.initial());
    const values = heard(view.value$);
    const state = list.update([], ['a'], 'list');
    expect(values).toEqual([[]]);
    view.publish(state, ['a']);
    expect(values).toEqual([[], ['a']]);
    expect(values[1]).toBe(state);
  });

  test('shows what can be read: a barrier once it is full, an ephemeral value until it is gone', () => {
    const both = barrier(['a', 'b']);
    const gate = channelView(both, []);
    const open = heard(gate.value$);
    for (const state of [['a'], ['a', 'b'], []] as const) gate.publish(state, []);
    expect(open).toEqual([undefined, ['a', 'b'], undefined]);

    const hint = channelView(ephemeral<string>(), undefined);
    const hints = heard(hint.value$);
    hint.publish('left', ['left']);
    hint.publish(undefined, []);
    expect(hints).toEqual([undefined, 'left', undefined]);
  });

  test('cannot be written to', () => {
    const view = channelView(topic<string>(), []);
    expect(view.value$).not.toHaveProperty('next');
    expect(view.items$).not.toHaveProperty('next');
  });
});

describe("C1: a topic's items$", () => {
  test('tells the items one by one, also to who comes later', () => {
    const alerts = topic<string>();
    const view = channelView(alerts, []);
    const early = heard(view.items$);
    view.publish(alerts.update([], ['a', ['b', 'c']], 'alerts'), ['a', ['b', 'c']]);
    view.publish([], []);
    view.publish(['a'], ['a']);
    expect(early).toEqual(['a', 'b', 'c', 'a']);
    expect(heard(view.items$)).toEqual(early);
  });

  test('tells of an accumulating topic what is new, and of a restored one nothing old', () => {
    const seen = topic<string>({ accumulate: true, unique: true });
    const view = channelView(seen, ['old']);
    const items = heard(view.items$);
    view.publish(seen.update(['old'], ['a', 'old', 'b'], 'seen'), ['a', 'old', 'b']);
    expect(items).toEqual(['a', 'b']);
  });

  test('tells what a run’s input adds to a restored one, and nothing old', () => {
    const seen = topic<string>({ accumulate: true });
    const view = channelView(seen, seen.initial());
    const items = heard(view.items$);
    view.publish(['old', 'new'], ['new'], ['old']);
    expect(items).toEqual(['new']);
  });

  test('tells nothing of an overwrite, and goes on after it', () => {
    const view = channelView(topic<string>({ accumulate: true }), ['a']);
    const items = heard(view.items$);
    view.publish(['b', 'c'], ['lost', overwrite(['b', 'c'])]);
    view.publish(['b', 'c', 'd'], ['d']);
    expect(items).toEqual(['d']);
  });

  test.each([[3, [8, 9, 10]], [0, []], [undefined, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]])('replays the last %p', (replay, expected) => {
    const many = Array.from({ length: 10 }, (_, at) => at + 1);
    const view = channelView(topic<number>(), [], replay === undefined ? {} : { replay });
    view.publish(many.slice(0, 6), many.slice(0, 6));
    view.publish(many.slice(6), many.slice(6));
    expect(heard(view.items$)).toEqual(expected);
  });

  test('replays 1,000 by default, and takes 200,000 at once', () => {
    const many = Array.from({ length: 200_000 }, (_, at) => at);
    const view = channelView(topic<number>(), []);
    view.publish(many, [many]);
    expect(heard(view.items$)).toEqual(many.slice(-1000));
  });

  test.each([-1, Number.NaN, 1.5, Infinity])('a replay of %p is refused', (replay) => {
    expect(() => channelView(topic(), [], { replay })).toThrow('INVALID_OPTION');
  });

  test('is a topic’s alone', () => expect(channelView(append(), []).items$).toBeUndefined());
});

describe('C1: what a view tells is frozen to the bottom', () => {
  const published = () => {
    const view = channelView(lastValue<{ a: { b: number[] } }>(), undefined);
    const state = { a: { b: [1] } };
    view.publish(state, [state]);
    return state;
  };

  test('in development', () => {
    writable.development = true;
    const state = published();
    expect([state, state.a, state.a.b].map((part) => Object.isFrozen(part))).toEqual([true, true, true]);
    const first = { deep: [1] };
    channelView(lastValue<typeof first>(), first);
    expect(Object.isFrozen(first.deep)).toBe(true);
  });

  test('never in production', () => {
    writable.development = false;
    expect(Object.isFrozen(published())).toBe(false);
  });

  test('never an untracked value: it is a handle or a cache', () => {
    writable.development = true;
    const cache = new Map<string, number>();
    channelView(untracked<typeof cache>(), undefined).publish(cache, [cache]);
    expect(cache.set('a', 1).size).toBe(1);
  });
});
