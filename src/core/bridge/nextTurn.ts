import { asyncScheduler, Subscription, type SchedulerLike } from 'rxjs';

/**
 * Calls back in a later turn of the event loop, so that timers, sockets and cancellation have theirs before: on the scheduler,
 * with no delay. The default one's shortest timer takes a millisecond; there the platform's own next turn may come first, which in
 * virtual time it never does.
 */
export function nextTurn(scheduler: SchedulerLike, callback: () => void): Subscription {
  const turn = new Subscription();
  const take = (): void => {
    turn.unsubscribe();
    callback();
  };
  turn.add(scheduler.schedule(take));
  if (scheduler === asyncScheduler && !turn.closed) turn.add(macrotask(take));
  return turn;
}

/** Soon after what is due already; nothing where the platform has no such thing. Returns a canceller. */
function macrotask(callback: () => void): () => void {
  if (typeof setImmediate === 'function') {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }
  if (typeof MessageChannel !== 'function') return () => undefined;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = callback;
  port2.postMessage(undefined);
  return () => port1.close();
}
