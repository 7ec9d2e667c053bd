import { describe, expect, test } from '@jest/globals';
import { map, timer } from 'rxjs';
import { append } from '../../src/channels/index.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { resume } from '../../src/pregel/graph/command.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { span } from '../../src/tracing/span.js';
import { expectTrace } from '../../src/testing/expectTrace.js';
import { marbles } from '../marbles.js';

const search = span('search', 'tool', lambda((n: number) => timer(2).pipe(map(() => `found ${n}`))));

describe('the spans of a graph', () => {
  test('its nodes are runs within it, theirs within them, by superstep', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const sub = new StateGraph({ said: append<string>() }).addNode('deep', (_s, run) => search.run(2, run).pipe(map((said) => ({ said })))).addEdge(START, 'deep').compile({ name: 'inner' });
    const graph = new StateGraph({ said: append<string>() })
      .addNode('plan', (_s, run) => search.run(1, run).pipe(map((said) => ({ said }))), { metadata: { team: 'red' } })
      .addNode('sub', sub)
      .addNode('beside', () => timer(1).pipe(map(() => ({ said: 'x' }))))
      .addEdge(START, 'plan')
      .addEdge('plan', 'sub')
      .addEdge('plan', 'beside')
      .compile({ name: 'outer' });
    graph.run({}, { scheduler, tracer }).subscribe();
    scheduler.flush();
    expectTrace(tracer).toBe(['outer 0-4 ok', '. plan 0-2 ok', '. . search 0-2 ok', '. beside 2-3 ok', '. sub 2-4 ok', '. . inner 2-4 ok', '. . . deep 2-4 ok', '. . . . search 2-4 ok']);
    expect(tracer.runs.find(({ name }) => name === 'plan')).toMatchObject({ kind: 'node', inputs: { said: [] }, outputs: { said: 'found 1' }, metadata: { team: 'red', step: 0 } });
  }));

  test('a retried node has a run for each attempt; a failing one takes its siblings along', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const fails = (): never => {
      throw new Error('no');
    };
    const graph = new StateGraph({ said: append<string>() })
      .addNode('fails', () => timer(1).pipe(map(fails)), { retry: { maxAttempts: 2, initialMs: 3, jitter: 'none' } })
      .addNode('works', () => timer(9).pipe(map(() => ({ said: 'never' }))))
      .addEdge(START, 'fails')
      .addEdge(START, 'works')
      .compile();
    graph.run({}, { scheduler, tracer }).subscribe({ error: () => undefined });
    scheduler.flush();
    expectTrace(tracer).toBe(['graph 0-5 error', '. fails 0-1 error', '. works 0-5 cancelled', '. fails 4-5 error #2']);
  }));

  test('unsubscribed, every run in it ends as cancelled, the inner ones first', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const ended: string[] = [];
    const graph = new StateGraph({ said: append<string>() }).addNode('a', (_s, run) => search.run(1, run).pipe(map((said) => ({ said })))).addEdge(START, 'a').compile();
    const running = graph.run({}, { scheduler, tracer, events: { next: ({ type }) => void (/end|error/.test(type) && ended.push(type)) } }).subscribe();
    scheduler.schedule(() => running.unsubscribe(), 1);
    scheduler.flush();
    expectTrace(tracer).toBe(['graph 0-1 cancelled', '. a 0-1 cancelled', '. . search 0-1 cancelled']);
    expect(ended).toEqual(['span_end', 'node_error', 'run_end']);
  }));

  test('one that waits for an answer is interrupted, and goes on as another run', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const graph = new StateGraph({ said: append<string>() }).addNode('ask', (_s, run) => run.interrupt('ok?').pipe(map((said) => ({ said: String(said) })))).addEdge(START, 'ask').compile({ checkpointer: memoryCheckpointer({ scheduler }) });
    graph.run({}, { scheduler, tracer, thread: 't' }).subscribe();
    graph.run(resume('yes'), { scheduler, tracer, thread: 't' }).subscribe();
    expectTrace(tracer).toBe(['graph 0-0 interrupted', '. ask 0-0 interrupted', 'graph 0-0 ok', '. ask 0-0 ok']);
    expect(tracer.runs[0]?.events).toMatchObject([{ name: 'interrupt', data: { payload: 'ok?' } }]);
  }));
});
