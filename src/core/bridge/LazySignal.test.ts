import { expect, test } from '@jest/globals';
import { LazySignal, onAbort } from './LazySignal.js';

test('a lazy signal is one signal, made when it is asked for', () => {
  const lazy = new LazySignal();
  expect(lazy.signal).toBe(lazy.signal);
  expect(lazy.signal.aborted).toBe(false);
});

test('it aborts with its reason, before or after it was asked for', () => {
  const [before, after] = [new LazySignal(), new LazySignal()];
  before.abort(() => 'why');
  const { signal } = after;
  after.abort(() => 'why');
  for (const aborted of [before.signal, signal]) expect([aborted.aborted, aborted.reason]).toEqual([true, 'why']);
  expect(before.aborted).toBe(true);
});

test('only its first reason counts', () => {
  const lazy = new LazySignal();
  lazy.abort(() => 'first');
  lazy.abort(() => 'second');
  expect(lazy.signal.reason).toBe('first');
});

test('its reason is made once, and only if somebody has the signal', () => {
  let made = 0;
  const [unread, read] = [new LazySignal(), new LazySignal()];
  for (const lazy of [unread, read]) lazy.abort(() => ++made);
  expect(unread.aborted).toBe(true);
  expect([read.signal.reason, read.signal.reason, made]).toEqual([1, 1, 1]);
});

test('onAbort calls once, at once if the signal has aborted, and not after it was told to stop', () => {
  const heard: unknown[] = [];
  const controller = new AbortController();
  onAbort(controller.signal, (reason) => heard.push(['kept', reason]));
  onAbort(controller.signal, (reason) => heard.push(['stopped', reason]))();
  controller.abort('now');
  onAbort(controller.signal, (reason) => heard.push(['late', reason]));
  expect(heard).toEqual([['kept', 'now'], ['late', 'now']]);
});
