import { EMPTY, of, type Observable, type Subscriber } from 'rxjs';
import { lateError } from '../../core/bridge/lateError.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { createSource, Link } from '../../core/subscription.js';
import type { LineAddress } from '../checkpoints/Checkpointer.js';
import { isCommand, type Command } from '../graph/command.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import { answersFor, expiredAnswers, goOnAnswers, openInterrupts, relayedAnswers, withAnswers, type GivenAnswers } from './answersFor.js';
import { begin, emptyCheckpoint } from './begin.js';
import type { ChannelViews } from './ChannelViews.js';
import { commitsOf } from './Commits.js';
import { keptIn, settled } from './keptIn.js';
import { leased } from './Lease.js';
import type { NestedCall } from './Nesting.js';
import { RunTelling, type InputWrites } from './RunTelling.js';
import { placedAt } from './placedAt.js';
import { runSupersteps, type KeptRun } from './runSupersteps.js';
import type { Position, StepResult } from './Superstep.js';
import { NO_PENDING } from './TaskWork.js';
import { ThreadLine, type Loaded } from './ThreadLine.js';
import { updated } from './updated.js';

/** What a run needs of a compiled graph. */
export interface GraphParts extends KeptRun {
  readonly plan: GraphPlan;
  /** Of the channels, if somebody may look at them. */
  readonly views?: ChannelViews | undefined;
}

/**
 * One run of a graph on a thread: new input, an answer to what is open, or nothing, to go on where it stopped. From a checkpoint
 * that isn't the head it runs on a branch of its own: the one it was given, if that is new, else one named by the run's id.
 */
export function threadRun(parts: GraphParts, input: unknown, run: RunScope): Observable<object> {
  const { home } = parts;
  const work = createSource<object>((subscriber) => {
    const on = (at: LineAddress): void => new ThreadRun({ ...parts, home: { ...home, at } }, run, subscriber).start(input);
    const placed = (at: LineAddress): void => {
      run.hub?.placed(at.branch);
      on(at);
    };
    if (run.checkpointId === undefined) on(home.at);
    else placedAt(home, run.checkpointId, run.runId).subscribe(new Link<LineAddress>(subscriber, { next: placed, complete: () => undefined }));
  });
  return leased(home, run, work);
}

/** One run of a graph in a task of another: on a new pass of the task it goes on where it stopped. */
export function nestedRun(parts: GraphParts, input: unknown, run: RunScope, within: NestedCall): Observable<object> {
  const { home } = parts;
  const work = createSource<object>((subscriber) => new ThreadRun(parts, run, subscriber, within).start(input));
  return home.store === within.nesting.home?.store ? work : leased(home, run, work);
}

class ThreadRun {
  private readonly line: ThreadLine;

  constructor(
    private readonly parts: GraphParts,
    private readonly run: RunScope,
    private readonly subscriber: Subscriber<object>,
    private readonly within?: NestedCall,
  ) {
    this.line = new ThreadLine(parts.plan, parts.home, run, within?.call);
  }

  start(input: unknown): void {
    let head: Loaded | undefined;
    const link = new Link<Loaded>(this.subscriber as Subscriber<never>, {
      next: (loaded) => {
        head = loaded;
      },
      complete: () => this.begin(head, input),
    });
    this.line.load().subscribe(link);
  }

  private begin(head: Loaded | undefined, input: unknown): void {
    if (head?.changed) throw head.changed;
    if (this.within && head?.call === this.within.call) return this.goOnWith(head, relayedAnswers(openInterrupts(head), this.within.nesting.prior));
    if (input === undefined || input === null) return this.answer(this.required(head), undefined);
    if (isCommand(input) && 'resume' in input) return this.answer(this.required(head), input);
    const { plan } = this.parts;
    const before = head?.checkpoint ?? emptyCheckpoint(plan);
    const advance = begin(plan, before, input, this.subscriber as Subscriber<never>, this.run);
    this.after(this.line.commit(advance, 'input'), () => this.goOn({ checkpoint: advance.checkpoint, pending: NO_PENDING }, { writes: advance.writes, before }));
  }

  /** What a command answers is checked before anything is written. Without one, a pause is over, and what is due goes on. */
  private answer(head: Position, command: Command | undefined): void {
    const open = openInterrupts(head);
    const expired = expiredAnswers(open, this.run.scheduler.now());
    const given = command ? answersFor(command.resume, open.filter(({ id }) => !expired.has(id))) : goOnAnswers(open);
    const answers: GivenAnswers = new Map([...expired, ...given]);
    if (command?.goto !== undefined) throw new RivuletError('INVALID_INPUT', "a run was given command({ resume, goto }): what is answered goes on where it waits. Give one or the other");
    if (command?.update !== undefined) return this.answerUpdating(head, answers, command.update);
    this.goOnWith(head, answers);
  }

  private goOnWith({ checkpoint, pending }: Position, answers: GivenAnswers): void {
    this.after(answers.size === 0 ? EMPTY : this.line.answer(checkpoint.id, answers), () => this.goOn({ checkpoint, pending: withAnswers(pending, answers) }));
  }

  private answerUpdating({ checkpoint, pending }: Position, answers: GivenAnswers, update: unknown): void {
    const advance = updated(this.parts.plan, checkpoint, update, this.run.ids);
    this.after(this.line.commitCarrying(advance, answers), () => this.goOn({ checkpoint: advance.checkpoint, pending: withAnswers(pending, answers) }, { writes: advance.writes, before: checkpoint }));
  }

  private goOn(from: Position, input?: InputWrites): void {
    const { parts, run, subscriber, line, within } = this;
    const { plan, views, home } = parts;
    const { durability } = home;
    const telling = new RunTelling({ plan, views, nesting: within?.nesting }, run, subscriber);
    telling.begin(from.checkpoint, input);
    if (isStuck(from)) return void of<StepResult>({ type: 'suspended', interrupts: openInterrupts(from) }).subscribe(telling.steps());
    const commits = commitsOf(line, durability);
    const steps = runSupersteps(plan, from, run, keptIn(commits, run), parts);
    (durability === 'sync' ? steps : settled(steps, commits, run)).subscribe(telling.steps());
  }

  /** A commit is subscribed to on its own: an unsubscribe doesn't tear it. */
  private after(commit: Observable<never>, then: () => void): void {
    const { subscriber, run } = this;
    commit.subscribe({
      error: (error) => (subscriber.closed ? lateError(error, run) : subscriber.error(error)),
      complete: () => !subscriber.closed && this.attempt(then),
    });
  }

  private attempt(then: () => void): void {
    try {
      then();
    } catch (error) {
      this.subscriber.error(error);
    }
  }

  private required(head: Position | undefined): Position {
    if (head) return head;
    const { at } = this.parts.home;
    throw new RivuletError('UNKNOWN_CHECKPOINT', `thread '${at.thread}' has nothing to go on from on branch '${at.branch}'. Run it with an input first`);
  }
}

/** Nothing new was said to what waits, and all else has finished: the run would end where it began. */
function isStuck({ checkpoint, pending }: Position): boolean {
  const tasks = checkpoint.due.map(({ id }) => pending.get(id));
  return tasks.some((task) => task?.waits && !task.finished) && tasks.every((task) => task?.waits || task?.finished);
}
