import { AsyncSubject, concat, EMPTY, type Observable } from 'rxjs';
import { isOverwrite } from '../../channels/overwrite.js';
import { createSource, Link } from '../../core/subscription.js';
import type { Advance } from './nextCheckpoint.js';
import type { TaskWork } from './TaskWork.js';
import type { Durability } from './Home.js';
import type { ThreadLine } from './ThreadLine.js';

/** How what a run brings reaches its thread. */
export interface Commits {
  /** Completes when the next superstep may start. */
  commit(advance: Advance): Observable<never>;
  /** Completes when the work may be relied on. */
  keep(checkpointId: string, work: TaskWork): Observable<never>;
  /** Completes when everything is stored. */
  settle(): Observable<never>;
}

/** The commits of a run on a thread. */
export function commitsOf(line: ThreadLine, durability: Durability): Commits {
  if (durability === 'async') return new CommitsBehind(line);
  return durability === 'exit' ? new CommitAtEnd(line) : new CommitsFirst(line);
}

class CommitsFirst implements Commits {
  constructor(protected readonly line: ThreadLine) {}

  commit(advance: Advance): Observable<never> {
    return this.line.commit(advance, 'loop');
  }

  keep(checkpointId: string, work: TaskWork): Observable<never> {
    return this.line.keep(checkpointId, work);
  }

  settle(): Observable<never> {
    return EMPTY;
  }
}

/** One commit may be under way: the next waits for it. */
class CommitsBehind extends CommitsFirst {
  private underWay: AsyncSubject<never> | undefined;

  override commit(advance: Advance): Observable<never> {
    return createSource((subscriber) => {
      const next = new Link<never>(subscriber, {
        next: () => undefined,
        complete: () => {
          this.underWay = new AsyncSubject();
          super.commit(advance).subscribe(this.underWay);
          subscriber.complete();
        },
      });
      this.settle().subscribe(next);
    });
  }

  override settle(): Observable<never> {
    return this.underWay ?? EMPTY;
  }
}

/** Nothing is stored until the run ends; then what it came to, and what is known of the tasks that are due there. */
class CommitAtEnd implements Commits {
  private last: Advance | undefined;
  private parentId: string | undefined;
  /** Of the channels that are stored as deltas; of the others, that they changed. */
  private readonly writes = new Map<number, unknown[]>();
  private work: (readonly [checkpointId: string, TaskWork])[] = [];

  constructor(private readonly line: ThreadLine) {}

  commit(advance: Advance): Observable<never> {
    if (!this.last) this.parentId = advance.checkpoint.parentId;
    this.last = advance;
    this.work = [];
    for (const [at, list] of advance.writes) this.gather(at, list);
    return EMPTY;
  }

  keep(checkpointId: string, work: TaskWork): Observable<never> {
    this.work.push([checkpointId, work]);
    return EMPTY;
  }

  /** The work first: it stays through the commit of its checkpoint. */
  settle(): Observable<never> {
    const { last, parentId, work, line } = this;
    const writes = new Map([...this.writes].map(([at, list]) => [at, list.some(isOverwrite) ? [] : list]));
    this.last = undefined;
    this.work = [];
    this.writes.clear();
    return concat(...work.map(([id, one]) => line.keep(id, one)), last ? line.commit({ checkpoint: last.checkpoint.with({ parentId }), writes }, 'loop') : EMPTY);
  }

  /** A channel that was overwritten is stored as what it holds: its writes need not be known. */
  private gather(at: number, list: readonly unknown[]): void {
    const before = this.writes.get(at) ?? [];
    const overwritten = [before[0], ...list].find(isOverwrite);
    if (overwritten) this.writes.set(at, [overwritten]);
    else if (this.line.storesWrites(at)) this.writes.set(at, before.length === 0 ? [...list] : pushed(before, list));
    else this.writes.set(at, []);
  }
}

function pushed(list: unknown[], more: readonly unknown[]): unknown[] {
  for (const one of more) list.push(one);
  return list;
}
