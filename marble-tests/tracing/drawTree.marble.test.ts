import { describe, expect, test } from '@jest/globals';
import { map, timer } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import { append } from '../../src/channels/index.js';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { chat } from '../../src/operators/models/chat.js';
import { scripted } from '../../src/operators/models/scripted/scripted.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { drawTree } from '../../src/tracing/drawing/drawTree.js';
import { memoryTracer, type MemoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import type { RunTree } from '../../src/tracing/runs/RunTree.js';
import { span } from '../../src/tracing/span.js';
import { marbles } from '../marbles.js';

const after = (name: string, ms: number) => span(name, 'tool', lambda((n: number) => timer(ms).pipe(map(() => n))));
const fails = (message: string, ms = 1) => timer(ms).pipe(map((): never => {
  throw new Error(message);
}));

/** Two supersteps: one node alone, then one that is retried beside a graph of its own. */
function traceOfGraph(scheduler: TestScheduler): MemoryTracer {
  const tracer = memoryTracer();
  const inner = new StateGraph({ said: append<string>() })
    .addNode('deep', (_s, run) => after('search', 1500).run(1, run).pipe(map(() => ({ said: 'x' }))))
    .addEdge(START, 'deep')
    .compile({ name: 'inner' });
  const graph = new StateGraph({ said: append<string>() })
    .addNode('plan', () => timer(20).pipe(map(() => ({ said: 'p' }))))
    .addNode('sub', inner)
    .addNode('flaky', () => fails('no answer', 10), { retry: { maxAttempts: 2, initialMs: 5, jitter: 'none' } })
    .addEdge(START, 'plan')
    .addEdge('plan', 'sub')
    .addEdge('plan', 'flaky')
    .compile({ name: 'research' });
  graph.run({}, { scheduler, tracer }).subscribe({ error: () => undefined });
  scheduler.flush();
  return tracer;
}

describe('a drawn tree', () => {
  test('has a line a run; the nodes of a graph stand below their supersteps, in every graph of it', marbles((_, scheduler) => {
    expect(drawTree(traceOfGraph(scheduler).trees())).toBe(
      [
        '✗ research  45 ms  Error: no answer',
        '├─ step 0',
        '│  └─ ✓ plan  20 ms',
        '└─ step 1',
        '   ├─ ✗ flaky  10 ms  Error: no answer',
        '   ├─ ⊘ sub  25 ms  cancelled',
        '   │  └─ ⊘ inner  25 ms  cancelled',
        '   │     └─ step 0',
        '   │        └─ ⊘ deep  25 ms  cancelled',
        '   │           └─ ⊘ search tool  25 ms  cancelled',
        '   └─ ✗ flaky #2  10 ms  Error: no answer',
      ].join('\n'),
    );
  }));

  test('tells of a model when its first token came and what it used, and of the root what all used together', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const ask = chat(scripted([{ reply: 'one two three' }], { paceMs: 500 }));
    chain(ask, lambda(() => 'again'), ask).run('a question', { scheduler, tracer, runName: 'twice' }).subscribe();
    scheduler.flush();
    expect(drawTree(tracer.trees()).split('\n')).toEqual([
      '✓ twice  3.00 s, 5 tokens in, 8 out',
      '├─ ✓ scripted llm  1.50 s, first token after 500 ms, 3 tokens in, 4 out',
      '└─ ✓ scripted llm  1.50 s, first token after 500 ms, 2 tokens in, 4 out',
    ]);
  }));

  test('of errors and of nothing else is red, where there are colours', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    span('fails', 'tool', lambda(() => fails('no'))).run(0, { scheduler, tracer }).subscribe({ error: () => undefined });
    after('works', 2).run(0, { scheduler, tracer }).subscribe();
    scheduler.flush();
    const [failed = '', worked = ''] = drawTree(tracer.trees(), { color: true }).split('\n');
    expect(failed).toBe('\u001b[31m✗ \u001b[0mfails\u001b[2m tool\u001b[0m\u001b[2m  1 ms\u001b[0m\u001b[31m  Error: no\u001b[0m');
    expect(worked).not.toContain('\u001b[31m');
  }));

  test('shows how long an open run has been going', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const running = after('slow', 9000).run(0, { scheduler, tracer }).subscribe();
    scheduler.schedule(() => {
      expect(drawTree(tracer.trees(), { now: scheduler.now() })).toBe('… slow tool  1.20 s');
      expect(drawTree(tracer.trees())).toBe('… slow tool');
      running.unsubscribe();
    }, 1200);
  }));
});

describe('what is in a run', () => {
  const tree = (fields: object): readonly RunTree[] => [{ run: { kind: 'chain', name: 'x', status: 'ok', startTime: 0, endTime: 5, attempt: 1, metadata: {}, extra: {}, ...fields } as never, children: [] }];

  test('is one line and moves no cursor', () => {
    expect(drawTree(tree({ name: 'a\u001b[2J\nb', status: 'error', error: new Error('one\r\ntwo\u0007\u009b1A') }))).toBe('✗ a[2J b  5 ms  Error: one two1A');
    expect(drawTree(tree({ kind: 'to\u001b[2Jol', name: 'a\u202eb', extra: { cost: 1, currency: '\u0007$' }, usage: { inputTokens: 1, outputTokens: 2 } }))).toBe('✓ ab to[2Jol  5 ms, 1 tokens in, 2 out, 1.00 $');
    expect(drawTree(tree({ usage: { inputTokens: '\u001b[2J', other: 1 } }))).toBe('✓ x  5 ms');
  });

  test('whatever was thrown, is said', () => {
    const circular: Record<string, unknown> = { n: 1n };
    circular['self'] = circular;
    expect(drawTree(tree({ status: 'error', error: circular }))).toBe('✗ x  5 ms  {"n":"1","self":"[circular]"}');
  });

  test('says a Rivulet error’s code once, also when it was read from a file', () => {
    expect(drawTree(tree({ status: 'error', error: { name: 'RivuletError', code: 'TIMEOUT', message: 'TIMEOUT: too slow' } }))).toBe('✗ x  5 ms  TIMEOUT: too slow');
  });

  test('is cut at the terminal’s edge, by columns and not by characters', () => {
    expect(drawTree(tree({ name: '水曜日の予定' }), { columns: 10 })).toBe('✓ 水曜日…');
    expect(drawTree(tree({ name: 'abcdefgh' }), { columns: 8 })).toBe('✓ abcde…');
    expect(drawTree(tree({ name: 'ab' }), { columns: 10 })).toBe('✓ ab  5 ms');
  });

  test.each([[0.4, '0 ms'], [999.4, '999 ms'], [999.6, '1.00 s'], [59_994, '59.99 s'], [60_000, '1 m 00 s'], [3_725_000, '62 m 05 s']])('lasted %d ms, that is %s', (endTime, text) => {
    expect(drawTree(tree({ endTime }))).toBe(`✓ x  ${text}`);
  });

  test.each([[0, '0.0000 USD'], [0.00001, 'below 0.0001 USD'], [0.01234, '0.0123 USD'], [12.345, '12.35 USD']])('cost %d, that is %s', (cost, text) => {
    expect(drawTree(tree({ usage: { inputTokens: 1, outputTokens: 2 }, extra: { cost } }))).toBe(`✓ x  5 ms, 1 tokens in, 2 out, ${text}`);
  });

  test('costs in the currency that the prices were in', () => {
    expect(drawTree(tree({ usage: { inputTokens: 1, outputTokens: 2 }, extra: { cost: 0.5, currency: 'EUR' } }))).toBe('✓ x  5 ms, 1 tokens in, 2 out, 0.5000 EUR');
  });
});
