import type { Subscription } from 'rxjs';

interface TimedAction {
  readonly id?: { unref?(): void } | undefined;
}

/** Scheduled work that a Node process doesn't wait for before it ends: RxJS keeps the timer of an action in its `id`. */
export function unheld(action: Subscription): Subscription {
  (action as TimedAction).id?.unref?.();
  return action;
}
