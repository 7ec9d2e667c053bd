import { describe, expect, test } from '@jest/globals';
import { Observable, timer } from 'rxjs';
import { append } from '../../src/channels/index.js';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { marbles } from '../../src/testing/marbles.js';
import { heard } from './heard.js';

type Method = 'acquire' | 'load' | 'commit' | 'putPending';

/** A store whose method doesn't answer its `at`th call until `answer` is called, if ever. */
class HangingStore {
  readonly memory: Checkpointer;
  readonly store: Checkpointer;
  /** How many wait for it. */
  waiting = 0;
  answer: () => void = () => undefined;
  private calls = 0;

  constructor(method: Method, at: number, scheduler: Parameters<typeof memoryCheckpointer>[0]) {
    this.memory = memoryCheckpointer(scheduler);
    const asked = this.memory[method].bind(this.memory) as (...args: unknown[]) => Observable<never>;
    const hanging = (...args: unknown[]): Observable<unknown> => (++this.calls === at ? this.hanging(asked(...args)) : asked(...args));
    this.store = Object.assign(Object.create(this.memory) as Checkpointer, { [method]: hanging });
  }

  private hanging(work: Observable<never>): Observable<never> {
    return new Observable((subscriber) => {
      this.waiting++;
      this.answer = () => void work.subscribe(subscriber);
      return () => void this.waiting--;
    });
  }
}

const said = (...said: string[]): { readonly said: readonly string[] } => ({ said });

/** Two siblings, then one that follows. */
function graphOn(checkpointer: Checkpointer, node: (name: string) => Observable<unknown>): CompiledGraph<object, object> {
  return new StateGraph({ said: append<string>() })
    .addNode('a', () => node('a') as Observable<object>).addNode('b', () => node('b') as Observable<object>).addNode('c', () => node('c') as Observable<object>)
    .addEdge(START, 'a').addEdge(START, 'b').addEdge('b', 'c')
    .compile({ checkpointer });
}

/** What hangs, what a run with a deadline of 50 ms emits, and how many go on waiting: for what was handed over. */
const CASES: readonly (readonly [string, Method, number, string, number])[] = [
  ['a lease', 'acquire', 1, '50ms #', 1],
  ['a load', 'load', 1, '50ms #', 0],
  ['the commit of an input', 'commit', 1, '50ms #', 1],
  ['work that is kept', 'putPending', 1, 'i 49ms #', 1],
  ['the commit of a superstep', 'commit', 2, 'i 49ms #', 1],
  ['the last commit', 'commit', 3, 'i-j 47ms #', 1],
];

describe('a store that never answers', () => {
  test.each(CASES)('%s: the run ends with TIMEOUT, and leaves nothing but what was handed over', (_name, method, at, expected, left) => {
    const hanging: { now?: HangingStore } = {};
    marbles(({ config, cold, expectRun, expectNothingLeft }) => {
      const { store } = (hanging.now = new HangingStore(method, at, config));
      const graph = graphOn(store, (name) => cold(name === 'b' ? '--(x|)' : '-(x|)', { x: said(name) }));
      expectRun(graph, {}, { thread: 't', timeoutMs: 50 }).toBe(expected, { i: said(), j: said('a', 'b') }, 'TIMEOUT');
      expectNothingLeft();
    })();
    expect(hanging.now?.waiting).toBe(left);
  });

  test.each(CASES)('%s: the run can be left', (_name, method, at, _expected, left) => {
    const hanging: { now?: HangingStore } = {};
    marbles(({ config, cold, expectRun, expectNothingLeft }) => {
      const { store } = (hanging.now = new HangingStore(method, at, config));
      expectRun(graphOn(store, (name) => cold('-(x|)', { x: said(name) })), {}, { thread: 't' }).until('----------!');
      expectNothingLeft();
    })();
    expect(hanging.now?.waiting).toBe(left);
  });

  test.each(CASES)('%s: the thread goes on from what was committed, whether the answer comes late or never', (_name, method, at) => {
    for (const late of [false, true]) {
      marbles(({ config }) => {
        const hanging = new HangingStore(method, at, config);
        const node = (name: string): Observable<unknown> => new Observable((subscriber) => timer(1, config.scheduler).subscribe(() => {
          subscriber.next(said(name));
          subscriber.complete();
        }));
        const first = heard(graphOn(hanging.store, node).run({ said: ['in'] }, { ...config, thread: 't', timeoutMs: 50 }));
        config.scheduler.schedule(() => late && hanging.answer(), 60);
        config.scheduler.schedule(() => {
          expect(first.end).toBe('TIMEOUT');
          const begun = heard(hanging.memory.load({ thread: 't', namespace: '', branch: 'main' }, undefined, [])).values.length > 0;
          const second = heard(graphOn(hanging.memory, node).run(begun ? null : { said: ['in'] }, { ...config, thread: 't' }));
          config.scheduler.schedule(() => expect([second.end, second.last]).toEqual(['done', said('in', 'a', 'b', 'c')]), 10);
        }, 40_000);
      })();
    }
  });
});
