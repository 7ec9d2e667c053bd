// Rivulet for the peer benchmarks: the same work as every other adapter, by the public API.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { map } from 'rxjs';
import {
  aggregate, assistant, chain, chat, END, lambda, lastValue, memoryCheckpointer, messageChunk, messages, modelNode, prompt, pullAsync, send, START,
  StateGraph, text, textOf, tool, toolNode, toolsCondition, user,
} from 'rivulet';
import { sqliteCheckpointer } from 'rivulet/sqlite';
import { z } from 'zod';

// The workload is the runner's: it stands beside the module that loads this one.
const { agentTurn, tokens, toolImpl, turnTokens } = await import(new URL('lib/workload.mjs', pathToFileURL(process.argv[1])).href);

const require = createRequire(import.meta.url);

/** A model that gives the workload's tokens, as a provider adapter gives an SDK's stream. */
const modelOf = (source) => ({
  id: 'bench',
  capabilities: {},
  stream: () => pullAsync(source()).pipe(map((piece) => messageChunk({ id: 'm', text: piece }))),
});

const unlimited = { recursionLimit: 1e6 };

/** A graph's checkpointer, and how much it has stored. */
const stores = {
  memory: () => {
    const checkpointer = memoryCheckpointer();
    return { checkpointer, bytes: () => checkpointer.bytes() };
  },
  sqlite: () => {
    const dir = mkdtempSync(join(tmpdir(), 'rivulet-bench-'));
    const file = join(dir, 'threads.db');
    const database = new Database(file);
    const bytes = () => {
      database.pragma('wal_checkpoint(TRUNCATE)'); // else some of it is in the log
      return statSync(file).size;
    };
    const close = () => {
      database.close();
      rmSync(dir, { recursive: true });
    };
    return { checkpointer: sqliteCheckpointer(database), bytes, close };
  },
};

/** A turn of the scripted agent, as chunks: with the streaming one's tokens, or what it says in one piece. */
async function* turn(round, streaming) {
  const id = `m${round}`;
  const { text: said, toolCalls } = agentTurn(round);
  if (streaming) for await (const piece of tokens(turnTokens(round), 'sync')) yield messageChunk({ id, text: piece });
  else if (said) yield messageChunk({ id, text: said });
  const calls = toolCalls?.map((call, index) => ({ index, id: call.id, name: call.name, args: JSON.stringify(call.args) }));
  yield messageChunk({ id, ...(calls && { toolCalls: calls }), finishReason: calls ? 'tool_calls' : 'stop' });
}

/** The agent as a graph: model, tools, and back. */
function agent(streaming) {
  const tools = [
    tool({ name: 'add', description: 'add', input: z.object({ a: z.number(), b: z.number() }), run: toolImpl.add }),
    tool({ name: 'echo', description: 'echo', input: z.object({ text: z.string() }), run: toolImpl.echo }),
  ];
  const model = {
    id: 'bench',
    capabilities: {},
    stream: ({ messages: said }) => pullAsync(turn(said.filter(({ role }) => role === 'assistant').length, streaming)),
  };
  return new StateGraph({ messages: messages() })
    .addNode('model', modelNode(model, { tools }))
    .addNode('tools', toolNode(tools))
    .addEdge(START, 'model')
    .addConditionalEdges('model', toolsCondition)
    .addEdge('tools', 'model')
    .compile();
}

const go = { messages: user('go') };

const ask = (source) => chain(prompt('{q}'), chat(modelOf(source)), text());

export default {
  name: 'rivulet',
  versions: () => ({ rivulet: require('rivulet/package.json').version, rxjs: require('rxjs/package.json').version }),
  cases: {
    'chain-invoke': ({ steps }) => {
      const flow = chain(...Array.from({ length: steps }, () => lambda((x) => x + 1)));
      return { invoke: (x) => flow.invoke(x) };
    },
    'chain-stream': () => {
      let count = 0;
      let mode = 'sync';
      const flow = ask(() => tokens(count, mode));
      return {
        stream: (n, how, onToken) =>
          new Promise((resolve, reject) => {
            [count, mode] = [n, how];
            flow.run({ q: 'hi' }).subscribe({ next: onToken, complete: resolve, error: reject });
          }),
      };
    },
    'chain-batch': () => {
      const flow = lambda((x) => new Promise((resolve) => setTimeout(() => resolve(x), 1)));
      return { batch: (inputs, concurrency) => flow.batch(inputs, { concurrency }) };
    },
    'graph-loop': () => {
      let [node, steps] = [undefined, 0];
      const visit = async ({ n }) => ({ n: await node(n) });
      const graph = new StateGraph({ n: lastValue(0) })
        .addNode('a', visit)
        .addNode('b', visit)
        .addEdge(START, 'a')
        .addConditionalEdges('a', ({ n }) => (n >= steps ? END : 'b'), ['b', END])
        .addConditionalEdges('b', ({ n }) => (n >= steps ? END : 'a'), ['a', END])
        .compile();
      return {
        run: async (work, count) => {
          [node, steps] = [work, count];
          return (await graph.invoke({ n: 0 }, unlimited)).n;
        },
      };
    },
    'graph-fanout': () => {
      let [work, reduce] = [undefined, undefined];
      const graph = new StateGraph({ n: lastValue(0), out: aggregate((all, more) => reduce(all, more), []) })
        .addNode('plan', () => undefined)
        .addNode('task', async ({ i }) => ({ out: [await work(i)] }))
        .addEdge(START, 'plan')
        .addConditionalEdges('plan', ({ n }) => Array.from({ length: n }, (_, i) => send('task', { i })))
        .compile();
      return {
        run: async (n, f, r) => {
          [work, reduce] = [f, r];
          return (await graph.invoke({ n })).out;
        },
      };
    },
    'graph-wide': ({ width, layers }) => {
      let work;
      const builder = new StateGraph({ count: aggregate('sum', 0) });
      let from = START;
      for (let layer = 0; layer < layers; layer++) {
        const names = Array.from({ length: width }, (_, i) => `n${layer}_${i}`);
        for (const name of names) builder.addNode(name, async () => ({ count: await work() })).addEdge(from, name);
        from = `join${layer}`;
        builder.addNode(from, () => undefined).addEdge(names, from);
      }
      const graph = builder.compile();
      return {
        run: async (f) => {
          work = f;
          return (await graph.invoke({})).count;
        },
      };
    },
    'graph-checkpoint': ({ store }) => {
      if (!stores[store]) return { na: 'one checkpointer in memory: it stores deltas' };
      const { checkpointer, bytes, close } = stores[store]();
      let [onStep, steps, threads] = [undefined, 0, 0];
      const graph = new StateGraph({ messages: messages() })
        .addNode('a', async ({ messages: said }) => {
          onStep();
          return { messages: assistant(`message number ${said.length} with a little text in it`, { id: `m${said.length}` }) };
        })
        .addEdge(START, 'a')
        .addConditionalEdges('a', ({ messages: said }) => (said.length >= steps ? END : 'a'), ['a', END])
        .compile({ checkpointer });
      return {
        note: "durability 'sync': each step is committed before the next starts",
        run: async (f, count) => {
          [onStep, steps] = [f, count];
          const { messages: said } = await graph.invoke({}, { ...unlimited, thread: `t${threads++}` });
          return { messages: said.length };
        },
        bytes,
        close,
      };
    },
    'agent-loop': () => {
      const graph = agent(false);
      return {
        note: 'a graph of modelNode and toolNode',
        run: async () => {
          const { messages: said } = await graph.invoke(go, unlimited);
          return { text: textOf(said.at(-1)), toolCalls: said.filter(({ role }) => role === 'tool').length };
        },
      };
    },
    'stream-events': ({ api }) => {
      const graph = agent(true);
      let final = '';
      const streams = {
        native: async (onEvent) => {
          for await (const [mode, value] of graph.stream(go, { ...unlimited, mode: ['messages', 'updates'] })) {
            onEvent(value);
            if (mode === 'updates' && value.model) final = textOf(value.model.messages);
          }
        },
        'events-v2': (onEvent) =>
          new Promise((resolve, reject) => {
            const next = (event) => {
              onEvent(event);
              if (event.type === 'run_end') final = textOf(event.output.messages.at(-1));
            };
            graph.events(go, unlimited).subscribe({ next, complete: resolve, error: reject });
          }),
      };
      return {
        note: api === 'native' ? "stream with mode ['messages', 'updates']" : 'events(): all that happens',
        plain: async () => textOf((await graph.invoke(go, unlimited)).messages.at(-1)),
        stream: async (onEvent) => {
          await streams[api](onEvent);
          return final;
        },
      };
    },
    backpressure: () => ({
      note: 'capacity 1: nothing is asked for ahead of the reader; the default of 16 prefetches',
      consume: async (total, onProduced, onChunk, mode) => {
        const flow = ask(() => tokens(total, mode, onProduced));
        for await (const chunk of flow.stream({ q: 'x' }, { capacity: 1 })) {
          const answer = onChunk(chunk);
          if ((answer instanceof Promise ? await answer : answer) === false) break;
        }
      },
    }),
  },
};
