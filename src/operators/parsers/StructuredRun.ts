import { isObservable, type Observable, type Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { isRivuletError, type RivuletError } from '../../core/errors/RivuletError.js';
import { contextOf, Link, restartOf } from '../../core/subscription.js';
import type { Validation } from '../tools/schema.js';
import type { Validator } from '../tools/validatorOf.js';
import { JsonFeed, type JsonFeedOptions } from './JsonFeed.js';
import { OutputInvalidError } from './OutputInvalidError.js';
import { pacedSnapshots } from './pacedSnapshots.js';
import { JsonReader } from './partialJson/JsonReader.js';
import type { TextInput } from './TextDeltas.js';

/** How answers are read, checked and mended. */
export interface StructuredPlan {
  readonly reading: JsonFeedOptions;
  readonly validate: Validator<unknown>;
  /** What in the JSON is the answer, where it is not the whole. */
  readonly select: (json: unknown) => unknown;
  readonly maxRepairs: number;
  /** Asks for a better answer. */
  readonly repair: (error: RivuletError, text: string) => Observable<TextInput>;
}

/** One run: an answer that grows, is checked at its end, and is asked for again while it is wrong and may be repaired. */
export class StructuredRun {
  private readonly run: RunContext | undefined;
  private readonly restart: () => void;
  private repairs = 0;
  private emitted = false;

  constructor(
    private readonly plan: StructuredPlan,
    private readonly subscriber: Subscriber<unknown>,
  ) {
    this.run = contextOf(subscriber);
    this.restart = restartOf(subscriber);
  }

  read(source: Observable<TextInput>): void {
    const { reading, maxRepairs } = this.plan;
    const feed = new JsonFeed(reading, newReader, () => this.startedOver(), maxRepairs > 0);
    const tell = pacedSnapshots((json) => this.show(json));
    const link = new Link<TextInput>(this.subscriber, {
      next: (chunk) => {
        try {
          const changed = feed.add(chunk);
          if (!feed.reader.done) tell(feed.reader, changed, feed.added); // done, it shows as soon as it is checked
        } catch (error) {
          link.unsubscribe();
          this.failed(error, feed.said);
        }
      },
      complete: () => this.check(feed),
      restart: () => feed.restart(),
    });
    source.subscribe(link);
  }

  private show(json: unknown): void {
    const value = this.plan.select(json);
    if (value === undefined) return;
    this.emitted = true;
    this.subscriber.next(value);
  }

  private startedOver(): void {
    this.emitted = false;
    this.restart();
  }

  private check(feed: JsonFeed<JsonReader>): void {
    const { plan, subscriber } = this;
    let validation: ReturnType<typeof plan.validate>;
    try {
      feed.end();
      validation = plan.validate(plan.select(feed.reader.value));
    } catch (error) {
      return this.failed(error, feed.said);
    }
    if (!isObservable(validation)) return this.settle(validation, feed);
    const link = new Link<Validation<unknown>>(subscriber, { next: (result) => this.settle(result, feed), complete: () => undefined });
    validation.subscribe(link);
  }

  private settle(validation: Validation<unknown>, feed: JsonFeed<JsonReader>): void {
    if (validation.issues) return this.failed(new OutputInvalidError(validation.issues, this.plan.select(feed.reader.value)), feed.said);
    this.subscriber.next(validation.value);
    this.subscriber.complete();
  }

  private failed(error: unknown, text: string): void {
    const { plan, subscriber, run } = this;
    if (this.repairs >= plan.maxRepairs || !isRepairable(error)) return subscriber.error(error);
    this.repairs++;
    if (this.emitted) {
      run?.tell({ type: 'superseded', attempt: this.repairs });
      this.startedOver();
    }
    run?.tell({ type: 'retry', attempt: this.repairs + 1, delayMs: 0, error });
    try {
      this.read(plan.repair(error, text));
    } catch (thrown) {
      subscriber.error(thrown);
    }
  }
}

const newReader = (...args: ConstructorParameters<typeof JsonReader>): JsonReader => new JsonReader(...args);

function isRepairable(error: unknown): error is RivuletError {
  return isRivuletError(error, 'JSON_INVALID') || isRivuletError(error, 'OUTPUT_INVALID');
}
