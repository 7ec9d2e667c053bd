import { describe, expect, test } from '@jest/globals';
import * as rx from 'rxjs';
import { Observable, of, timer } from 'rxjs';
import type { Demand } from '../../src/core/demand/demand.js';
import { Gate } from '../../src/core/demand/Gate.js';
import type { RunContext } from '../../src/core/context/RunContext.js';
import { withContext } from '../../src/core/context/withContext.js';
import { contextOf, demandOf, Link } from '../../src/core/subscription.js';
import { marbles } from '../../marble-tests/marbles.js';

/** A source placed in an operator of plain RxJS. */
type Shape = (source: Observable<number>) => Observable<unknown>;

const fails = (): Observable<never> => timer(1).pipe(rx.map(() => { throw new Error('no'); }));
const once = (source: Observable<number>): Observable<number> => {
  let attempts = 0;
  return rx.defer(() => (attempts++ === 0 ? fails() : source));
};

/** The shapes through which a source finds what is downstream of it. */
const SURVIVES: Readonly<Record<string, Shape>> = {
  map: (source) => source.pipe(rx.map((n) => n)),
  filter: (source) => source.pipe(rx.filter(() => true)),
  scan: (source) => source.pipe(rx.scan((_, n) => n)),
  tap: (source) => source.pipe(rx.tap(() => undefined)),
  take: (source) => source.pipe(rx.take(5)),
  takeUntil: (source) => source.pipe(rx.takeUntil(rx.NEVER)),
  skip: (source) => source.pipe(rx.skip(0)),
  distinctUntilChanged: (source) => source.pipe(rx.distinctUntilChanged()),
  startWith: (source) => source.pipe(rx.startWith(0)),
  endWith: (source) => source.pipe(rx.endWith(0)),
  pairwise: (source) => source.pipe(rx.pairwise()),
  bufferCount: (source) => source.pipe(rx.bufferCount(2)),
  bufferTime: (source) => source.pipe(rx.bufferTime(5)),
  toArray: (source) => source.pipe(rx.toArray()),
  reduce: (source) => source.pipe(rx.reduce((_, n) => n)),
  materialize: (source) => source.pipe(rx.materialize()),
  dematerialize: (source) => source.pipe(rx.materialize(), rx.dematerialize()),
  'mergeMap, its source': (source) => source.pipe(rx.mergeMap(() => of(1))),
  'mergeMap, synchronous': (source) => of(1).pipe(rx.mergeMap(() => source)),
  'mergeMap, later': (source) => timer(3).pipe(rx.mergeMap(() => source)),
  'mergeMap, queued': (source) => of(1, 2).pipe(rx.mergeMap(() => source, 1)),
  concatMap: (source) => timer(3).pipe(rx.concatMap(() => source)),
  switchMap: (source) => timer(3).pipe(rx.switchMap(() => source)),
  exhaustMap: (source) => timer(3).pipe(rx.exhaustMap(() => source)),
  expand: (source) => timer(1).pipe(rx.expand((_, i) => (i < 1 ? source : rx.EMPTY))),
  mergeScan: (source) => timer(1).pipe(rx.mergeScan(() => source, 0)),
  mergeAll: (source) => of(source).pipe(rx.mergeAll()),
  switchAll: (source) => of(source).pipe(rx.switchAll()),
  'concat, second': (source) => rx.concat(timer(3), source),
  merge: (source) => rx.merge(timer(3), source),
  combineLatest: (source) => rx.combineLatest([timer(1), source]),
  forkJoin: (source) => rx.forkJoin([timer(1), source]),
  zip: (source) => rx.zip(timer(1), source),
  race: (source) => rx.race(source, rx.NEVER),
  defer: (source) => rx.defer(() => source),
  iif: (source) => rx.iif(() => true, source, rx.EMPTY),
  using: (source) => rx.using(() => new rx.Subscription(), () => source),
  partition: (source) => rx.partition(source, () => true)[0],
  withLatestFrom: (source) => source.pipe(rx.withLatestFrom(of(1))),
  'retry, first attempt': (source) => source.pipe(rx.retry(1)),
  'retry, later attempt': (source) => once(source).pipe(rx.retry({ count: 2, delay: 3 })),
  repeat: (source) => source.pipe(rx.repeat({ count: 2, delay: 2 })),
  catchError: (source) => fails().pipe(rx.catchError(() => source)),
  onErrorResumeNext: (source) => rx.onErrorResumeNext(fails(), source),
  'timeout with': (source) => rx.NEVER.pipe(rx.timeout({ first: 2, with: () => source })),
  defaultIfEmpty: (source) => source.pipe(rx.defaultIfEmpty(1)),
  subscribeOn: (source) => source.pipe(rx.subscribeOn(rx.asyncScheduler, 1)),
  observeOn: (source) => source.pipe(rx.observeOn(rx.asapScheduler)),
  delay: (source) => source.pipe(rx.delay(1)),
  delayWhen: (source) => source.pipe(rx.delayWhen(() => timer(1))),
  debounceTime: (source) => source.pipe(rx.debounceTime(1)),
  throttleTime: (source) => source.pipe(rx.throttleTime(1)),
  auditTime: (source) => source.pipe(rx.auditTime(1)),
  sampleTime: (source) => source.pipe(rx.sampleTime(1)),
  finalize: (source) => source.pipe(rx.finalize(() => undefined)),
  timestamp: (source) => source.pipe(rx.timestamp()),
  timeInterval: (source) => source.pipe(rx.timeInterval()),
  windowCount: (source) => source.pipe(rx.windowCount(2), rx.mergeAll()),
  groupBy: (source) => source.pipe(rx.groupBy(() => 1), rx.mergeMap((group) => group)),
  'an Observable that passes its subscriber': (source) => new Observable((subscriber) => source.subscribe(subscriber)),
  'from, of an interop Observable': (source) => rx.from({ [(Symbol as { readonly observable?: symbol }).observable ?? '@@observable']: () => source } as unknown as rx.InteropObservable<number>),
};

/** Those that break it, and what to use in their place. */
const BREAKS: Readonly<Record<string, { readonly shape: Shape; readonly instead: string }>> = {
  share: { shape: (source) => source.pipe(rx.share()), instead: 'broadcast' },
  shareReplay: { shape: (source) => source.pipe(rx.shareReplay(1)), instead: 'broadcast, or start()' },
  connect: { shape: (source) => source.pipe(rx.connect((shared) => shared.pipe(rx.map((n) => n)))), instead: 'broadcast' },
  'an Observable with a partial observer': {
    shape: (source) => new Observable((subscriber) => source.subscribe({ next: (n) => subscriber.next(n), error: (error) => subscriber.error(error), complete: () => subscriber.complete() })),
    instead: 'operate, passing the subscriber, or new Link(subscriber, …)',
  },
};

interface Found {
  readonly context: RunContext | undefined;
  readonly demand: Demand;
}

/** What a source in this shape finds at each of its subscriptions. */
function found(shape: Shape, downstream: Demand): readonly Found[] {
  const finds: Found[] = [];
  marbles(({ flush }) => {
    const probe = new Observable<number>((subscriber) => {
      finds.push({ context: contextOf(subscriber), demand: demandOf(subscriber) });
      return timer(1).pipe(rx.map(() => 1)).subscribe(subscriber);
    });
    const consumer = new Link<unknown>(undefined, { next: () => undefined, demand: downstream });
    rx.asyncScheduler.schedule(() => consumer.unsubscribe(), 40);
    shape(probe).pipe(withContext({ tags: ['downstream'] })).subscribe(consumer);
    flush();
  })();
  return finds;
}

describe('context and demand are found by a source', () => {
  test('in 65 shapes of plain RxJS, of which 4 lose them', () => {
    expect(Object.keys(SURVIVES)).toHaveLength(61);
    expect(Object.keys(BREAKS)).toHaveLength(4);
  });

  test.each(Object.entries(SURVIVES))('through %s', (_name, shape) => {
    const downstream = new Gate(1_000);
    const finds = found(shape, downstream);
    expect(finds.length).toBeGreaterThan(0);
    for (const { context, demand } of finds) {
      expect(context?.tags).toEqual(['downstream']);
      expect(demand).toBe(downstream);
    }
  });

  test.each(Object.entries(BREAKS).map(([name, { shape, instead }]) => [name, instead, shape] as const))('not through %s: use %s', (_name, _instead, shape) => {
    const downstream = new Gate(1_000);
    const finds = found(shape, downstream);
    expect(finds.length).toBeGreaterThan(0);
    for (const { context, demand } of finds) {
      expect(context).toBeUndefined();
      expect(demand).not.toBe(downstream);
    }
  });
});
