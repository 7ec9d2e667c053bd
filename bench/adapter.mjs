// Rivulet for the peer benchmarks: the same work as every other adapter, by the public API.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { map } from 'rxjs';
import { chain, chat, lambda, messageChunk, prompt, pullAsync, text } from 'rivulet';

// The workload is the runner's: it stands beside the module that loads this one.
const { tokens } = await import(new URL('lib/workload.mjs', pathToFileURL(process.argv[1])).href);

const require = createRequire(import.meta.url);

/** A model that gives the workload's tokens, as a provider adapter gives an SDK's stream. */
const modelOf = (source) => ({
  id: 'bench',
  capabilities: {},
  stream: () => pullAsync(source()).pipe(map((piece) => messageChunk({ id: 'm', text: piece }))),
});

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
