import { describe, expect, test } from '@jest/globals';
import { append, lastValue } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { isRivuletError } from '../../src/core/errors/RivuletError.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { resume } from '../../src/pregel/graph/command.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { recorder } from '../eventStory.js';
import { asking, said } from './asking.js';

describe('I1: in async nodes', () => {
  const run = (t: ReturnType<typeof asyncThread>, input: unknown): Promise<{ readonly said: readonly string[] }> => t.graph.invoke(input as never, t.config);
  function asyncThread(nodes: Readonly<Record<string, (run: RunScope) => unknown>>) {
    const events = recorder();
    const graph = asking(nodes).compile({ checkpointer: memoryCheckpointer() });
    const config = { thread: 't', events };
    const open = async (): Promise<readonly string[]> => ((await graph.getState(config))?.interrupts ?? []).map(({ id }) => id);
    return { graph, config, events, open };
  }

  test('await run.answer rejects with InterruptSignal on the first pass, so that finally runs', async () => {
    const seen: unknown[] = [];
    const t = asyncThread({
      a: async (scope) => {
        try {
          return said(await scope.answer('ok?'));
        } catch (error) {
          seen.push((error as Error).name, isRivuletError(error, 'CANCELLED'));
          throw error;
        } finally {
          seen.push('finally');
        }
      },
    });
    await run(t, {});
    expect(await t.open()).toHaveLength(1);
    expect(seen).toEqual(['InterruptSignal', true, 'finally']);
    expect((await run(t, resume('yes'))).said).toEqual(['"yes"']);
    expect(t.events.events.filter(({ type }) => type === 'late_error' || type === 'node_error')).toEqual([]);
  });

  test('a node that swallows it is suspended all the same, and asks no more', async () => {
    let asked = 0;
    const t = asyncThread({
      a: async (scope) => {
        try {
          await scope.answer('ok?');
        } catch {
          asked++;
          void scope.answer('again?');
          return said('swallowed');
        }
        return said('answered');
      },
    });
    expect((await run(t, {})).said).toEqual([]);
    expect([asked, (await t.open()).length]).toEqual([1, 1]);
    expect((await run(t, resume(1))).said).toEqual(['"answered"']);
  });

  test('Promise.all of several surfaces together, at once and after an await', async () => {
    const t = asyncThread({
      now: async (scope) => said(...(await Promise.all([scope.answer('a'), scope.answer('b')]))),
      later: async (scope) => {
        await Promise.resolve();
        return said(...(await Promise.all([scope.answer('c'), scope.answer('d')])));
      },
    });
    await run(t, {});
    const ids = await t.open();
    expect(ids).toHaveLength(4);
    expect((await run(t, resume(Object.fromEntries(ids.map((id, i) => [id, i]))))).said).toEqual(['0', '1', '2', '3']);
  });

  test('all that ends with its pass ends with one InterruptSignal', async () => {
    const seen: unknown[] = [];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const t = asyncThread({
      a: async (scope) => {
        const asked = ['x', 'y'].map((payload) => Promise.resolve(scope.answer(payload)).catch((error: unknown) => seen.push(error)));
        await Promise.all(asked);
        seen.push(scope.signal.reason);
        end();
      },
    });
    await run(t, {});
    await ended;
    expect(seen).toEqual([expect.objectContaining({ name: 'InterruptSignal' }), seen[0], seen[0]]);
    expect(new Set(seen).size).toBe(1);
  });

  test('run.signal aborts when its pass ends', async () => {
    const aborted: boolean[] = [];
    const t = asyncThread({ a: async (scope) => {
      scope.signal.addEventListener('abort', () => aborted.push(true));
      return said(await scope.answer('ok?'));
    } });
    await run(t, {});
    await run(t, resume(1));
    expect(aborted).toEqual([true]);
  });

  test('what an attempt does after its end asks and says nothing', async () => {
    let attempts = 0;
    const late: unknown[] = [];
    const t = asyncThread({ unused: () => undefined });
    const graph = new StateGraph({ said: append<string>(), n: lastValue(0) })
      .addNode('a', async (_s, scope) => {
        if (++attempts > 1) return said(await scope.answer('second'));
        scope.signal.addEventListener('abort', () => {
          scope.emit('late');
          void scope.answer('late').then(() => late.push('answered'), () => late.push('rejected'));
          scope.once('late', () => late.push('effect')).subscribe({ error: ({ code }) => late.push(code) });
        });
        throw new Error('first');
      }, { retry: { maxAttempts: 2, initialMs: 0 } })
      .addEdge(START, 'a').compile({ checkpointer: memoryCheckpointer() });
    await graph.invoke({}, t.config);
    expect((await graph.getState(t.config))?.interrupts).toMatchObject([{ payload: 'second' }]);
    expect((await graph.invoke(resume('x') as never, t.config)).said).toEqual(['"x"']);
    expect([late, t.events.events.filter(({ type }) => type === 'custom')]).toEqual([['CANCELLED'], []]);
  });
});
