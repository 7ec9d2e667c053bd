import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { concat, EMPTY, forkJoin, from, map, materialize, NEVER, Observable, of, throwError, type Subscriber } from 'rxjs';
import * as rivulet from 'rivulet';
import { platform } from '../../src/core/bridge/platform.js';
import { rootContext } from '../../src/core/context/RunContext.js';
import { withContext } from '../../src/core/context/withContext.js';
import { UNBOUNDED, type Demand } from '../../src/core/demand/demand.js';
import { Gate } from '../../src/core/demand/Gate.js';
import { contextOf, demandOf, Link } from '../../src/core/subscription.js';
import { marbles } from '../../marble-tests/marbles.js';
import { recorder } from '../../marble-tests/eventStory.js';
import { OPERATORS, OTHERS, type OperatorEntry } from './operatorTable.js';

const named = Object.entries(OPERATORS);
const others = Object.values(OTHERS).flat();

// `of` and `from` ignore demand, of which a developer is warned.
beforeAll(() => void jest.spyOn(platform, 'warn').mockImplementation(() => undefined));

/** The operator on a source. */
const applied = ({ make }: OperatorEntry, source: Observable<unknown>): Observable<unknown> => make()(source as Observable<never>);

/** A source that counts its subscribers, and shows each to `look`. */
function watched(source: Observable<unknown>, look: (subscriber: Subscriber<unknown>) => void = () => undefined): { readonly source: Observable<unknown>; readonly count: { total: number; live: number } } {
  const count = { total: 0, live: 0 };
  const counted = new Observable<unknown>((subscriber) => {
    count.total++;
    count.live++;
    look(subscriber);
    subscriber.add(() => count.live--);
    return source.subscribe(subscriber);
  });
  return { source: counted, count };
}

/** All that a run says, in virtual time: values as `N`, its end as `C` or the error. */
function said(entry: OperatorEntry, source: Observable<unknown>): readonly unknown[] {
  const seen: unknown[] = [];
  marbles(({ flush }) => {
    applied(entry, source).pipe(materialize(), map((note) => (note.kind === 'E' ? note.error : note.kind) as unknown)).subscribe((note) => seen.push(note));
    flush();
  })();
  return seen;
}

const depth = (subscriber: unknown): number => {
  const { destination } = subscriber as { readonly destination?: unknown };
  return destination === undefined || destination === null ? 0 : 1 + depth(destination);
};

describe('the table', () => {
  const functions = Object.entries(rivulet).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));

  test.each(functions)('knows %s: an exported operator is in OPERATORS of operatorTable.ts, anything else in OTHERS', (name) => {
    expect([...Object.keys(OPERATORS), ...others]).toContain(name);
  });

  test('names nothing that isn\'t exported, and nothing twice', () => {
    const names = [...Object.keys(OPERATORS), ...others];
    expect(names.filter((name) => !(name in rivulet))).toEqual([]);
    expect(names).toHaveLength(new Set(names).size);
  });
});

describe.each(named)('%s', (_name, entry) => {
  const inputs = from(entry.inputs);

  test('is cold: it subscribes its source when it is subscribed to, each time anew', marbles(({ flush }) => {
    const { source, count } = watched(inputs);
    const operator = entry.make();
    const once = operator(source as Observable<never>);
    expect(count.total).toBe(0);
    once.subscribe();
    flush();
    expect(count.total).toBe(1);
    operator(source as Observable<never>).subscribe();
    flush();
    expect(count.total).toBe(2);
  }));

  test('says something and completes, once, with nothing after', () => {
    const notes = said(entry, inputs);
    expect(notes.length).toBeGreaterThan(1);
    expect(notes.at(-1)).toBe('C');
    expect(notes.slice(0, -1).every((note) => note === 'N')).toBe(true);
  });

  test('fails with the error of its source, once, with nothing after', () => {
    const lost = new Error('source lost');
    const notes = said(entry, concat(inputs, throwError(() => lost)));
    expect(notes.at(-1)).toBe(lost);
    expect(notes.slice(0, -1).every((note) => note === 'N')).toBe(true);
  });

  test('ends, whatever it says, when its source is empty', () => {
    const end = said(entry, EMPTY).at(-1);
    expect(end === 'C' || rivulet.isRivuletError(end)).toBe(true);
  });

  test('lets its source find context and demand', marbles(({ flush }) => {
    const found: { readonly tags: readonly string[] | undefined; readonly demand: Demand }[] = [];
    const { source } = watched(inputs, (subscriber) => found.push({ tags: contextOf(subscriber)?.tags, demand: demandOf(subscriber) }));
    const consumer = new Link<unknown>(undefined, { next: () => undefined, demand: new Gate(1_000) });
    applied(entry, source).pipe(withContext({ tags: ['downstream'] })).subscribe(consumer);
    flush();
    expect(found).toHaveLength(1);
    expect(found[0]?.tags).toContain('downstream');
    expect(found[0]?.demand).not.toBe(UNBOUNDED);
  }));

  test('unsubscribed, leaves nothing subscribed and nothing scheduled', marbles((_helpers, scheduler) => {
    const { source, count } = watched(concat(inputs, NEVER));
    applied(entry, source).subscribe().unsubscribe();
    expect(count).toEqual({ total: 1, live: 0 });
    expect(scheduler.actions).toEqual([]);
  }));

  test('at its end, leaves nothing subscribed and nothing scheduled', marbles(({ flush }, scheduler) => {
    const { source, count } = watched(inputs);
    const consumer = applied(entry, source).subscribe();
    flush();
    expect(consumer.closed).toBe(true);
    expect(count.live).toBe(0);
    expect(scheduler.actions).toEqual([]);
  }));

  test('starts nothing on a subscriber that is closed', () => {
    const { source, count } = watched(inputs);
    forkJoin([throwError(() => 'no'), applied(entry, source)]).subscribe({ error: () => undefined });
    expect(count.total).toBe(0);
  });

  test('adds nothing for a run that nobody watches', marbles(({ flush }) => {
    const links: number[] = [];
    const { source } = watched(inputs, (subscriber) => links.push(depth(subscriber)));
    let ids = 0;
    const context = rootContext({ ids: () => `id${ids++}`, tags: ['unwatched'] });
    applied(entry, source).subscribe(new Link<unknown>(undefined, { next: () => undefined }));
    applied(entry, source).subscribe(new Link<unknown>(undefined, { next: () => undefined, context }));
    flush();
    expect(links).toHaveLength(2);
    expect(links[1]).toBe(links[0]);
    expect(ids).toBe(entry.ids ?? 0);
  }));

  test('says the same while it is watched', marbles(({ flush }) => {
    const [alone, observed]: unknown[][] = [[], []];
    applied(entry, inputs).subscribe({ next: (value) => alone?.push(value), complete: () => alone?.push('complete') });
    applied(entry, inputs).pipe(withContext({ events: recorder() })).subscribe({ next: (value) => observed?.push(value), complete: () => observed?.push('complete') });
    flush();
    expect(observed).toEqual(alone);
  }));
});

test('an operator that broke the contract would be seen: a hot one, one that loses context, one that leaks', () => {
  const leaky: OperatorEntry = { inputs: [1], make: () => (source: Observable<unknown>) => new Observable((subscriber) => void source.subscribe({ next: (n) => subscriber.next(n) })) };
  const { source, count } = watched(NEVER, (subscriber) => expect(contextOf(subscriber)).toBeUndefined());
  applied(leaky, source).pipe(withContext({ tags: ['downstream'] })).subscribe().unsubscribe();
  expect(count.live).toBe(1);
  expect(said(leaky, of(1))).toEqual(['N']);
});
