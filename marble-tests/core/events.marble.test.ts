import { describe, expect, test } from '@jest/globals';
import { config as rxjs, from, map, mergeMap, NEVER, of, range, Subject, take, tap, throwError, timer, type Observable, type Subscriber } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { withContext } from '../../src/core/context/withContext.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { Link, operate } from '../../src/core/subscription.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { chat } from '../../src/operators/models/chat.js';
import { line, recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';

const step = <I, O>(name: string, fn: (input: I) => Observable<O>): Flow<I, O> => flow(name, lambda(fn) as never, { kind: 'tool' });
const later = step('later', (x: string) => timer(2).pipe(map(() => `${x}!`)));

/** Counts what is taken of it. */
function* counted(many: number, taken: { count: number }): Generator<number> {
  for (let n = 0; n < many; n++) {
    taken.count++;
    yield n;
  }
}

const saying = (taken: { count: number }, many: number) =>
  chat({ id: 'm', capabilities: {}, stream: () => pull(counted(many, taken)).pipe(map((n) => messageChunk({ id: '1', text: `${n}` }))) });

describe('a run tells', () => {
  test('how it was done', marbles(({ flush }) => {
    const sink = recorder();
    later.run('a', { events: sink }).subscribe();
    flush();
    expect(sink.story).toEqual(['0 @0 run_start later "a"', '1 @2 run_end done "a!"']);
  }));

  test('how it failed', marbles(({ flush }) => {
    const sink = recorder();
    step('fails', (_: string) => timer(2).pipe(mergeMap(() => throwError(() => new Error('boom'))))).run('a', { events: sink }).subscribe({ error: () => undefined });
    flush();
    expect(sink.story).toEqual(['0 @0 run_start fails "a"', '1 @2 run_error boom']);
  }));

  test('that it was cancelled in the middle, with what it had said so far', marbles(({ cold, flush }, scheduler) => {
    const sink = recorder();
    const tokens = cold('-a-b-c|');
    const run = flow('words', lambda((_: string) => tokens) as never, { fold: list<string>() }).run('q' as never, { events: sink }).subscribe();
    scheduler.schedule(() => run.unsubscribe(), 4);
    flush();
    expect(sink.story).toEqual(['0 @0 run_start words "q"', '1 @4 run_end cancelled ["a","b"]']);
  }));

  test('nothing, if nobody ever subscribes, or before it has input or output', () => {
    const sink = recorder();
    const run = later.run('a', { events: sink });
    flow('silent', () => NEVER as Observable<string>, { kind: 'tool' }).run('a', { events: sink }).subscribe().unsubscribe();
    expect(sink.story).toEqual([]);
    run.subscribe().unsubscribe();
    expect(sink.story).toHaveLength(2);
  });

  test('who it is: ids, kind, tags, metadata and attempt', () => {
    const sink = recorder();
    const inner = step('inner', (x: string) => of(x));
    let id = 0;
    chain(inner, inner).run('a', { events: sink, runId: 'root', ids: () => `id${id++}`, tags: ['t'], metadata: { m: 1 } }).subscribe();
    expect(sink.events[0]).toEqual({ type: 'run_start', name: 'inner | inner', kind: 'chain', runId: 'root', traceId: 'root', seq: 0, at: expect.any(Number), path: [], order: 1, attempt: 1, tags: ['t'], metadata: { m: 1 }, input: 'a' });
    expect(sink.events[1]).toMatchObject({ type: 'span_start', kind: 'tool', runId: 'id0', parentRunId: 'root', traceId: 'root', tags: ['t', 'seq:step:1'] });
    expect(sink.events.filter(({ type }) => type === 'span_start').map(({ runId }) => runId)).toEqual(['id0', 'id1']);
    expect(sink.events.map(({ seq }) => seq)).toEqual(sink.events.map((_, index) => index));
  });

  test('its name in place of the flow\'s, if its caller gives one; its steps keep theirs', () => {
    const sink = recorder();
    chain(step('a', (x: string) => of(x))).run('x', { events: sink, runName: 'mine' }).subscribe();
    expect(sink.story.slice(0, 2)).toEqual([expect.stringMatching(/run_start mine/), expect.stringMatching(/span_start a/)]);
  });

  test('what its callbacks emit', marbles(({ flush }) => {
    const sink = recorder();
    lambda((x: string, run) => timer(3).pipe(tap(() => run.emit({ x }))), 'emits').run('a', { events: sink }).subscribe();
    flush();
    expect(sink.story).toEqual(['0 @0 run_start emits "a"', '1 @3 custom {"x":"a"}', '2 @3 run_end done 0']);
  }));

  test('of every token', () => {
    const sink = recorder();
    saying({ count: 0 }, 2).run('q', { events: sink }).subscribe();
    expect(sink.events.map((event) => (event.type === 'token' ? event.text : event.type))).toEqual(['run_start', '0', '1', 'run_end']);
  });
});

describe('spans', () => {
  test('in a chain are siblings, each opened by its first input', marbles(({ flush }) => {
    const sink = recorder();
    chain(later, step('next', (x: string) => timer(3).pipe(map(() => `${x}?`)))).run('a', { events: sink }).subscribe();
    flush();
    expect(sink.story).toEqual([
      '0 @0 run_start later | next "a"',
      '1 @0 span_start later "a"',
      '2 @2 span_start next "a!"',
      '3 @2 span_end ok "a!"',
      '4 @5 span_end ok "a!?"',
      '5 @5 run_end done "a!?"',
    ]);
  }));

  test('inside a span are its children, also those found by the walk alone', marbles(({ flush }) => {
    const sink = recorder();
    const outer = step('outer', (x: string) => later.run(x));
    chain(outer).run('a', { events: sink }).subscribe();
    flush();
    const [root, opened, child] = sink.events;
    expect(sink.story).toEqual(['0 @0 run_start outer "a"', '1 @0 span_start outer "a"', '2 @0 span_start later "a"', '3 @2 span_end ok "a!"', '4 @2 span_end ok "a!"', '5 @2 run_end done "a!"']);
    expect(child).toMatchObject({ parentRunId: opened?.runId, traceId: root?.runId });
  }));

  test('in parallel branches share a parent and tell in the order of time', marbles(({ flush }) => {
    const sink = recorder();
    const wait = step('wait', (ms: number) => timer(ms).pipe(map(() => ms)));
    step('both', (_: string) => from([wait.run(5), wait.run(3)]).pipe(mergeMap((run) => run))).run('', { events: sink }).subscribe();
    flush();
    expect(sink.story).toEqual(['0 @0 run_start both ""', '1 @0 span_start wait 5', '2 @0 span_start wait 3', '3 @3 span_end ok 3', '4 @5 span_end ok 5', '5 @5 run_end done']);
    expect(new Set(sink.events.slice(1, 3).map((event) => 'parentRunId' in event && event.parentRunId))).toEqual(new Set([sink.events[0]?.runId]));
  }));

  const ended = (flows: Flow<string, unknown, unknown>, settings = {}): readonly string[] => {
    const sink = recorder();
    flows.run('a', { events: sink, ...settings }).subscribe({ error: () => undefined }).unsubscribe();
    return sink.events.flatMap((event) => (/_start/.test(event.type) ? [`${event.type} ${'name' in event ? event.name : ''}`] : [`${event.type} ${'status' in event ? event.status : ''}`]));
  };
  const hanging = step('hanging', (_: string) => NEVER as Observable<string>);
  const outer = step('outer', (x: string) => hanging.run(x));

  test('end before the span they are in, exactly once, when the run is unsubscribed', () => {
    expect(ended(chain(outer))).toEqual(['run_start outer', 'span_start outer', 'span_start hanging', 'span_end cancelled', 'span_end cancelled', 'run_end cancelled']);
  });

  test('end before the span they are in when the run fails of something else', () => {
    const emits = step('emits', (x: string) => of(x, NEVER));
    const throws = map((x: unknown): string => {
      throw new Error(String(x));
    });
    expect(ended(chain(emits, throws))).toEqual(['run_start emits | operator', 'span_start emits', 'span_end cancelled', 'run_error ']);
  });

  test('end before the span they are in when it takes no more', () => {
    const emits = step('emits', (x: string) => range(0, 5).pipe(map((n) => `${x}${n}`)));
    expect(ended(chain(emits, take(1)))).toEqual(['run_start emits | operator', 'span_start emits', 'span_end cancelled', 'run_end done']);
  });

  test('end before the run when its time is up or its signal aborts', marbles(({ flush }, scheduler) => {
    const [timed, aborted] = [recorder(), recorder()];
    const controller = new AbortController();
    chain(outer).run('a', { events: timed, timeoutMs: 3 }).subscribe({ error: () => undefined });
    chain(outer).run('a', { events: aborted, signal: controller.signal }).subscribe({ error: () => undefined });
    scheduler.schedule(() => controller.abort(), 4);
    flush();
    expect(timed.story.slice(3)).toEqual(['3 @3 span_end cancelled', '4 @3 span_end cancelled', expect.stringMatching(/5 @3 run_error TIMEOUT/)]);
    expect(aborted.story.slice(3)).toEqual(['3 @4 span_end cancelled', '4 @4 span_end cancelled', '5 @4 run_end cancelled']);
  }));

  test('carry the error that failed them', () => {
    const boom = new Error('boom');
    const sink = recorder();
    chain(step('fails', (_: string) => throwError(() => boom))).run('', { events: sink }).subscribe({ error: () => undefined });
    expect(sink.events.slice(2)).toMatchObject([{ type: 'span_end', status: 'error', error: boom }, { type: 'run_error', error: boom }]);
  });

  test('see the same values, completion and time as an unwatched run', marbles(({ cold, expectObservable }) => {
    const source = cold('-a-b-|');
    const steps = flow('up', map((x: string) => x.toUpperCase()), { kind: 'parser' });
    const watched = flow('outer', (values: Observable<string>) => values.pipe(steps, withContext({ events: recorder() })));
    expectObservable(source.pipe(watched)).toBe('-A-B-|');
    expectObservable(source.pipe(steps)).toBe('-A-B-|');
  }));
});

describe('sinks', () => {
  test('that throw don\'t break the run: their error is reported as unhandled', marbles(({ flush }) => {
    const unhandled: unknown[] = [];
    const { onUnhandledError } = rxjs;
    rxjs.onUnhandledError = (error) => unhandled.push(error);
    const seen: string[] = [];
    const sink = recorder();
    const broken = { next: () => { throw new Error('broken sink'); } };
    later.run('a', { events: broken, tracer: sink }).subscribe((x) => seen.push(x));
    flush();
    rxjs.onUnhandledError = onUnhandledError;
    expect(seen).toEqual(['a!']);
    expect(sink.story).toHaveLength(2);
    expect(unhandled).toEqual([new Error('broken sink'), new Error('broken sink')]);
  }));

  test('may be Subjects', () => {
    const events = new Subject<RunEvent>();
    const seen: string[] = [];
    events.subscribe(({ type }) => seen.push(type));
    lambda((n: number) => n).run(1, { events }).subscribe();
    expect(seen).toEqual(['run_start', 'run_end']);
  });

  test('of the run and of a run inside it are all told, under one numbering', () => {
    const [outer, inner, tracer] = [recorder(), recorder(), recorder()];
    const nested = step('nested', (x: string) => of(x));
    lambda((x: string) => nested.run(x, { events: inner }), 'root').run('a', { events: outer, tracer }).subscribe();
    expect(outer.events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    expect(tracer.events).toEqual(outer.events);
    expect(inner.events).toEqual(outer.events.slice(1, 3));
  });

  test('hear events in one order, also of a run that one of them ends in the middle', () => {
    const second = recorder();
    const leave = new Subject<void>();
    const first = { next: ({ type }: RunEvent) => (type === 'token' ? leave.next() : undefined) };
    const run = saying({ count: 0 }, 3).run('q', { events: first, tracer: second });
    const link = new Link<unknown>(undefined, { next: () => undefined });
    leave.subscribe(() => link.unsubscribe());
    run.subscribe(link);
    expect(second.events.map(({ seq, type }) => [seq, type])).toEqual([[0, 'run_start'], [1, 'token'], [2, 'run_end']]);
  });

  const speaking = (tokens: Observable<string>) => chat({ id: 'm', capabilities: {}, stream: () => tokens.pipe(map((text) => messageChunk({ id: '1', text }))) });

  test.each([0, 1, 1_000])('of a started run too: those who listen hear what ended it before its end, with replay %d', (replay) => {
    const tokens = new Subject<string>();
    const run = speaking(tokens).start('q', { replay });
    const seen: string[] = [];
    run.tokens$.subscribe(() => run.cancel());
    run.events$.subscribe({ next: ({ type }) => seen.push(type), complete: () => seen.push('complete') });
    tokens.next('a');
    expect(seen).toEqual([replay === 0 ? 'snapshot' : 'run_start', 'token', 'run_end', 'complete']);
  });

  test('that make very much happen while they hear one event, never make another hear one twice', () => {
    const tokens = new Subject<string>();
    const run = speaking(tokens).start('q', { replay: 1 });
    const seen: number[] = [];
    run.tokens$.subscribe((text) => (Number(text) < 40 ? tokens.next(`${Number(text) + 1}`) : undefined));
    run.events$.subscribe(({ seq }) => seen.push(seq));
    tokens.next('1');
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(40);
  });
});

describe('with nobody watching', () => {
  test('the last step is subscribed with the very subscriber that was given: nothing is in between', () => {
    const subscribers: Subscriber<number>[] = [];
    const links: number[] = [];
    const look = operate<number, number>((source, subscriber) => {
      subscribers.push(subscriber);
      links.push(depth(subscriber));
      return source.subscribe(subscriber);
    });
    const spy = flow('spy', look, { kind: 'tool' });
    const sink = (): Link<number> => new Link<number>(undefined, { next: () => undefined });
    const [bare, chained, tagged] = [sink(), sink(), sink()];
    of(1).pipe(spy).subscribe(bare);
    of(1).pipe(chain(map((n: number) => n), chain(spy))).subscribe(chained);
    of(1).pipe(spy, withContext({ tags: ['t'] })).subscribe(tagged);
    expect(subscribers[0]).toBe(bare);
    expect(subscribers[1]).toBe(chained);
    expect((links[2] ?? NaN) - (links[0] ?? NaN)).toBe(1); // withContext's own
  });

  test('no id is made', () => {
    let ids = 0;
    chain(later, later).run('a', { ids: () => `${ids++}` }).subscribe().unsubscribe();
    expect(ids).toBe(0);
  });
});

describe('events', () => {
  test('are one run as what happens in it, cold', marbles(({ expectObservable }) => {
    const events$ = later.events('a').pipe(map(line));
    const story = { s: '0 @0 run_start later "a"', e: '1 @2 run_end done "a!"' };
    expectObservable(events$).toBe('s-(e|)', story);
  }));

  test('end with run_error and then the error', marbles(({ expectObservable }) => {
    const fails = step('fails', (_: string) => throwError(() => 'boom'));
    expectObservable(fails.events('a').pipe(map(({ type }) => type))).toBe('(se#)', { s: 'run_start', e: 'run_error' }, 'boom');
  }));

  test('unsubscribed, cancel the run; other sinks hear that', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const call = cold('-----x|');
    const sink = recorder();
    expectObservable(lambda((_: string) => call).events('a', { events: sink }).pipe(map(({ type }) => type)), '--!').toBe('s', { s: 'run_start' });
    expectSubscriptions(call.subscriptions).toBe('^-!');
    flush();
    expect(sink.story.at(-1)).toBe('1 @2 run_end cancelled');
  }));

  test('make the run wait for a slow consumer, and lose nothing', marbles(({ flush }, scheduler) => {
    const taken = { count: 0 };
    const peaks: number[] = [];
    const seen: number[] = [];
    saying(taken, 20).events('q').pipe(mapAsync((event) => timer(5).pipe(map(() => event)))).subscribe(({ seq }) => {
      seen.push(seq);
      peaks.push(taken.count - seen.length);
    });
    flush();
    expect(seen).toEqual(Array.from({ length: 22 }, (_, seq) => seq));
    expect(Math.max(...peaks)).toBeLessThanOrEqual(2);
    expect(scheduler.now()).toBe(22 * 5);
  }));

  test('make it wait also where each chunk is several events', marbles(({ flush }) => {
    const taken = { count: 0 };
    let [seen, ahead] = [0, 0];
    let failure: unknown;
    const talkative = lambda((_: string, run) => pull(counted(1_000, taken)).pipe(tap((n) => [1, 2, 3].forEach((part) => run.emit(n * part)))));
    const slow = talkative.events('q').pipe(mapAsync((event) => timer(1).pipe(map(() => event))));
    slow.subscribe({ next: () => (seen++, (ahead = Math.max(ahead, taken.count - seen / 3))), error: (error: unknown) => (failure = error) });
    flush();
    expect({ seen, failure }).toEqual({ seen: 3_002, failure: undefined });
    expect(ahead).toBeLessThanOrEqual(2);
  }));

  test('hold a bounded number for a slow consumer when the run doesn\'t wait', marbles(({ expectObservable }) => {
    const emits = lambda((n: number, run) => {
      for (let i = 0; i < n; i++) run.emit(i);
      return timer(1);
    });
    const slow = (n: number) => emits.events(n).pipe(mapAsync(() => timer(1)), take(2), map(() => 'x'));
    expectObservable(slow(1_000)).toBe('-x(x|)');
    expectObservable(slow(10_000)).toBe('#', undefined, expect.objectContaining({ code: 'BACKPRESSURE' }));
  }));

  test('inside a watched run are numbered with it', () => {
    const sink = recorder();
    const inner = lambda((x: string) => x, 'inner');
    lambda((x: string) => inner.events(x), 'outer').run('a', { events: sink }).subscribe();
    expect(sink.events.map(({ seq }) => seq)).toEqual(sink.events.map((_, index) => index));
  });
});

function depth(subscriber: unknown): number {
  let links = 0;
  for (let s = subscriber as { readonly destination?: unknown } | undefined; s; s = s.destination as typeof s) links++;
  return links;
}
