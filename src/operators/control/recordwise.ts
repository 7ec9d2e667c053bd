import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { carryFold } from '../../core/flow/fold.js';
import { whole } from '../../core/flow/whole.js';
import { Link, operate, restartOf } from '../../core/subscription.js';
import { recordFoldOf, type AnyRecordChunk, type Fields, type RecordFold } from './RecordFold.js';

/** What a step over records does in one run. */
export interface RecordStep<O> {
  /** With each chunk of a record, as it comes. */
  readonly chunk: (chunk: AnyRecordChunk, fold: RecordFold<unknown>) => void;
  /** With the whole record at its end; `streamed`, if its chunks were seen. */
  readonly whole: (input: Fields, streamed: boolean) => Observable<O>;
  /** When the chunks so far turn out to be superseded. */
  readonly restarted?: () => void;
}

/** Makes an operator of a step over a record: streaming where it comes in chunks, else on the whole. */
export function recordwise<I, O>(name: string, begin: (subscriber: Subscriber<O>) => RecordStep<O>): OperatorFunction<I, O> {
  return (source) =>
    new Observable<O>((subscriber) => {
      if (subscriber.closed) return;
      const restartBelow = restartOf(subscriber);
      const step = begin(subscriber);
      let streamed = false;

      function watch(chunks: Observable<I>, inner: Subscriber<I>): void {
        const restartWhole = restartOf(inner);
        const link = new Link<I>(inner, {
          next: (chunk) => {
            const fold = recordFoldOf(chunk);
            if (fold) {
              streamed = true;
              step.chunk(chunk as AnyRecordChunk, fold);
            }
            inner.next(chunk);
          },
          restart: () => {
            restartWhole();
            if (!streamed) return;
            streamed = false;
            step.restarted?.();
            restartBelow();
          },
        });
        chunks.subscribe(link);
      }

      const onWhole = whole<I, O>((input) => step.whole(fieldsOf(name, input), streamed));
      onWhole(carryFold(source, operate(watch)(source)) as Observable<never>).subscribe(subscriber);
    });
}

function fieldsOf(name: string, input: unknown): Fields {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Fields;
  const got = input === null ? 'null' : Array.isArray(input) ? 'a list' : `a ${typeof input}`;
  throw new RivuletError('INVALID_INPUT', `${name} got ${got}, and works on an object. Make one before it: parallel({ name: passthrough() })`);
}
