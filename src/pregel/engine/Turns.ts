import { queueScheduler } from 'rxjs';
import type { Checkpointer } from '../checkpoints/Checkpointer.js';

/** A run of this process that is at work on a thread, or waits for it. */
export interface Turn {
  /** It may be next. */
  wake(): void;
  /** Another run takes its place. */
  interrupt(): void;
}

interface Line {
  holder: Turn | undefined;
  /** In the order they came. */
  readonly waiting: Turn[];
}

/**
 * Who of this process is at work on the threads of a store, and who waits. It saves asking the store again and again: who may
 * run is said by the store's lease, which other processes know as well.
 */
export class Turns {
  private readonly lines = new Map<string, Line>();

  wait(thread: string, turn: Turn): void {
    this.lineOf(thread).waiting.push(turn);
  }

  isNext(thread: string, turn: Turn): boolean {
    const { holder, waiting } = this.lineOf(thread);
    return !holder && waiting[0] === turn;
  }

  /** @param waited what it waited as, if it did */
  hold(thread: string, turn: Turn, waited: Turn): void {
    const line = this.lineOf(thread);
    line.holder = turn;
    remove(line.waiting, waited);
  }

  interruptOthers(thread: string, turn: Turn): void {
    const { holder, waiting } = this.lineOf(thread);
    const others = [holder, ...waiting].filter((other) => other !== turn);
    for (const other of others) other?.interrupt();
  }

  /** Gives its place up; the next one is woken in a loop, not on the stack. */
  leave(thread: string, turn: Turn): void {
    const line = this.lineOf(thread);
    if (line.holder === turn) line.holder = undefined;
    remove(line.waiting, turn);
    const [next] = line.waiting;
    if (next && !line.holder) queueScheduler.schedule(() => next.wake());
    else if (!line.holder) this.lines.delete(thread);
  }

  private lineOf(thread: string): Line {
    let line = this.lines.get(thread);
    if (!line) this.lines.set(thread, (line = { holder: undefined, waiting: [] }));
    return line;
  }
}

function remove(turns: Turn[], turn: Turn): void {
  const at = turns.indexOf(turn);
  if (at >= 0) turns.splice(at, 1);
}

const TURNS = new WeakMap<Checkpointer, Turns>();

/** Those on the threads of a store. */
export function turnsOf(store: Checkpointer): Turns {
  let turns = TURNS.get(store);
  if (!turns) TURNS.set(store, (turns = new Turns()));
  return turns;
}
