import { Observable, type OperatorFunction, type Subscriber, type Unsubscribable } from 'rxjs';
import type { RunContext } from '../context/RunContext.js';
import { carryFold, foldOf } from '../flow/fold.js';
import { Link, restartOf, type LinkHandlers } from '../subscription.js';
import { SpanRecord, type SpanInfo } from './SpanRecord.js';

/** One subscription to a span that somebody watches: it stands around an operator, and keeps the record of what goes in and comes out. */
export class OpenSpan<I, O> implements LinkHandlers<O>, Unsubscribable {
  readonly context: RunContext;
  readonly restart: () => void;
  private readonly record: SpanRecord;
  private link: Link<O> | undefined;

  constructor(
    info: SpanInfo,
    private readonly outer: RunContext,
    private readonly source: Observable<I>,
    private readonly subscriber: Subscriber<O>,
  ) {
    this.context = info.isRoot ? outer.with(outer.unlabelled) : outer.open(outer.unlabelled);
    this.record = new SpanRecord(info, this.context, outer, foldOf(source));
    const restart = restartOf(subscriber);
    this.restart = () => {
      this.record.restarted();
      restart();
    };
  }

  run(operator: OperatorFunction<I, O>): void {
    this.link = new Link<O>(this.subscriber, this);
    this.subscriber.add(this); // after the link, on which the children hang
    operator(this.watched()).subscribe(this.link);
  }

  next(value: O): void {
    this.record.output(value);
    this.subscriber.next(value);
  }

  error(error: unknown): void {
    this.link?.unsubscribe(); // children end first
    this.record.failed(error);
    this.subscriber.error(error);
  }

  complete(): void {
    this.link?.unsubscribe();
    this.record.completed();
    this.subscriber.complete();
  }

  /** Its subscription ended, perhaps from outside. */
  unsubscribe(): void {
    this.record.cancelled();
  }

  /** The flow's input, under the outer context again, as the record sees it. */
  private watched(): Observable<I> {
    const { source, record, outer: context } = this;
    const input = new Observable<I>((subscriber) => {
      const next = (value: I): void => {
        record.input(value);
        subscriber.next(value);
      };
      const complete = (): void => {
        record.inputCompleted();
        subscriber.complete();
      };
      return source.subscribe(new Link<I>(subscriber, { context, next, complete }));
    });
    return carryFold(source, input);
  }
}
