import { describe, expect, test } from '@jest/globals';
import { map, timer } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { chat } from '../../src/operators/models/chat.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { scripted } from '../../src/operators/models/scripted/scripted.js';
import { consoleTracer } from '../../src/tracing/exporters/console/consoleTracer.js';
import { span } from '../../src/tracing/span.js';
import { marbles } from '../marbles.js';
import { Screen } from './Screen.js';

const wait = (name: string, ms: number) => span(name, 'tool', lambda((n: number) => timer(ms).pipe(map(() => n))));
const fails = (name: string, ms: number) => span(name, 'tool', lambda(() => timer(ms).pipe(map((): number => {
  throw new Error('no\u001b[2J\nmore');
}))));

describe('in a terminal', () => {
  test('a trace is drawn as it grows, and stays when it has ended', marbles((_, scheduler) => {
    const screen = new Screen(scheduler);
    const tracer = consoleTracer({ out: screen, color: false, frameMs: 100, scheduler });
    chain(wait('first', 150), wait('second', 300)).run(1, { scheduler, tracer, runName: 'both' }).subscribe();

    const seen: Record<number, readonly string[]> = {};
    for (const ms of [50, 110, 210, 460]) scheduler.schedule(() => (seen[ms] = screen.lines), ms);
    scheduler.flush();
    expect(seen).toEqual({
      50: [],
      110: ['… both  100 ms', '└─ … first tool  100 ms'],
      210: ['… both  200 ms', '├─ ✓ first tool  150 ms', '└─ … second tool  50 ms'],
      460: ['✓ both  450 ms', '├─ ✓ first tool  150 ms', '└─ ✓ second tool  300 ms'],
    });
  }));

  test('it is drawn at most once in a frame, however much happens, and not at all when nothing goes on', marbles((_, scheduler) => {
    const screen = new Screen(scheduler);
    const tracer = consoleTracer({ out: screen, color: false, frameMs: 100, scheduler });
    chain(...(Array.from({ length: 7 }, () => wait('step', 40)) as [ReturnType<typeof wait>])).run(1, { scheduler, tracer }).subscribe();
    scheduler.schedule(() => chain(wait('later', 10)).run(1, { scheduler, tracer }).subscribe(), 5000);
    scheduler.flush();
    expect(screen.writes).toEqual([100, 200, 280, 5010]);
  }));

  test('what ends first stays above what still goes on', marbles((_, scheduler) => {
    const screen = new Screen(scheduler);
    const tracer = consoleTracer({ out: screen, color: false, frameMs: 100, scheduler });
    wait('slow', 1000).run(1, { scheduler, tracer }).subscribe();
    wait('fast', 250).run(1, { scheduler, tracer }).subscribe();
    scheduler.schedule(() => expect(screen.lines).toEqual(['✓ fast tool  250 ms', '… slow tool  300 ms']), 310);
    scheduler.flush();
    expect(screen.lines).toEqual(['✓ fast tool  250 ms', '✓ slow tool  1.00 s']);
  }));

  test('no more is drawn than fits; when it has ended all of it is shown', marbles((_, scheduler) => {
    const screen = new Screen(scheduler, 20, 5);
    const tracer = consoleTracer({ out: screen, color: false, frameMs: 100, scheduler });
    const branches = Object.fromEntries(Array.from({ length: 8 }, (_unused, n) => [`b${n}`, wait(`branch ${n}`, 150)]));
    parallel(branches).run(1, { scheduler, tracer, runName: 'a name that is longer than the screen' }).subscribe();
    scheduler.schedule(() => expect(screen.lines).toEqual(['… 6 more', '├─ … branch 5 tool…', '├─ … branch 6 tool…', '└─ … branch 7 tool…']), 110);
    scheduler.flush();
    expect(screen.lines).toHaveLength(9);
    expect(screen.lines[0]).toBe('✓ a name that is longer than the screen  150 ms');
  }));

  test('errors are red, and what they say moves no cursor', marbles((_, scheduler) => {
    const written: string[] = [];
    const tracer = consoleTracer({ out: { isTTY: true, write: (text) => written.push(text) }, scheduler });
    fails('broken', 5).run(1, { scheduler, tracer }).subscribe({ error: () => undefined });
    scheduler.flush();
    expect(written).toEqual(['\u001b[31m✗ \u001b[0mbroken\u001b[2m tool\u001b[0m\u001b[2m  5 ms\u001b[0m\u001b[31m  Error: no[2J more\u001b[0m\n']);
  }));
});

describe('elsewhere', () => {
  test('each run that has ended is a line, with the names of those that it was within', marbles((_, scheduler) => {
    const written: string[] = [];
    const tracer = consoleTracer({ out: { write: (text) => written.push(text) } });
    const ask = chat(scripted([{ reply: 'one two' }], { paceMs: 20 }));
    chain(span('answer', 'agent', chain(ask)), fails('check', 5)).run('Hi', { scheduler, tracer, runName: 'all' }).subscribe({ error: () => undefined });
    scheduler.flush();
    expect(written.join('')).toBe(
      ['✓ all > answer > scripted llm  40 ms, first token after 20 ms, 1 tokens in, 2 out', '✓ all > answer agent  40 ms', '✗ all > check tool  25 ms  Error: no[2J more', '✗ all  45 ms  Error: no[2J more', ''].join('\n'),
    );
  }));
});
