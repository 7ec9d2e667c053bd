import { describe, expect, test } from '@jest/globals';
import { filter, takeWhile, tap } from 'rxjs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { chain, chat, lambda, messageChunk, prompt, pull, pullAsync, text, type ChatModel, type MessageChunk } from 'rivulet';

const MILLION = 1_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use once what can be collected is. */
function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** What was produced and consumed, and the most that was ever in between. */
class Flight {
  produced = 0;
  consumed = 0;
  peak = 0;
  stopped = false;

  constructor(private readonly total = MILLION) {}

  *chunks(): Generator<MessageChunk> {
    try {
      while (this.produced < this.total) {
        this.peak = Math.max(this.peak, ++this.produced - this.consumed);
        yield messageChunk({ id: 'm', text: 'x' });
      }
    } finally {
      this.stopped = true;
    }
  }
}

const modelOf = (stream: ChatModel['stream']): ChatModel => ({ id: 'endless', capabilities: {}, stream });

/** Five steps: a prompt, a model, two plain operators and a parser. */
const fiveSteps = (model: ChatModel) => chain(prompt('{q}'), chat(model), tap<MessageChunk>(), filter((chunk: MessageChunk) => chunk.text !== ''), text());

describe('a million chunks through five steps into a slow consumer', () => {
  test.each([
    ['the default capacity', undefined, 16, MILLION],
    ['a capacity of 1', 1, 1, MILLION / 4],
  ])('with %s, never more are in flight, all arrive, and the heap stays flat', async (_name, capacity, most, total) => {
    const flight = new Flight(total);
    const flow = fiveSteps(modelOf(() => pull(flight.chunks())));
    const heap: number[] = [];
    for await (const piece of flow.stream({ q: 'go' }, capacity === undefined ? {} : { capacity })) {
      flight.consumed += piece.length;
      if (flight.consumed % 1000 === 0) await new Promise(setImmediate);
      if (flight.consumed % (total / 4) === 0) heap.push(heapUsed());
    }
    expect(flight.consumed).toBe(total);
    expect(flight.peak).toBeLessThanOrEqual(most);
    expect(Math.max(...heap) - Math.min(...heap)).toBeLessThan(5e6);
  });

  test('from an asynchronous source the same holds', async () => {
    const flight = new Flight();
    async function* later(): AsyncGenerator<MessageChunk> {
      yield* flight.chunks();
    }
    const flow = fiveSteps(modelOf(() => pullAsync(later())));
    for await (const piece of flow.stream({ q: 'go' })) {
      flight.consumed += piece.length;
      if (flight.consumed === 200_000) break;
      if (flight.consumed % 1000 === 0) await new Promise(setImmediate);
    }
    expect(flight.peak).toBeLessThanOrEqual(16);
    expect(flight.produced - flight.consumed).toBeLessThanOrEqual(16);
  });
});

describe('each way of leaving stops the source within one chunk', () => {
  const leave = (flight: Flight): number => flight.produced - flight.consumed;

  test('break out of for await', async () => {
    const flight = new Flight();
    for await (const piece of fiveSteps(modelOf(() => pull(flight.chunks()))).stream({ q: 'go' }, { capacity: 1 })) {
      flight.consumed += piece.length;
      if (flight.consumed === 1000) break;
    }
    expect([leave(flight), flight.stopped]).toEqual([0, true]);
  });

  test('unsubscribe', () => {
    const flight = new Flight();
    fiveSteps(modelOf(() => pull(flight.chunks())))
      .run({ q: 'go' })
      .pipe(takeWhile(() => ++flight.consumed < 1000))
      .subscribe();
    expect([flight.produced, flight.stopped]).toEqual([1000, true]);
  });

  test('an aborted signal', () => {
    const flight = new Flight();
    const controller = new AbortController();
    fiveSteps(modelOf(() => pull(flight.chunks())))
      .run({ q: 'go' }, { signal: controller.signal })
      .subscribe({ next: () => ++flight.consumed === 1000 && controller.abort(), error: () => undefined });
    expect([flight.produced, flight.stopped]).toEqual([1000, true]);
  });

  test('lambda that awaits the stream ends it with its own run', async () => {
    const flight = new Flight();
    const inner = fiveSteps(modelOf(() => pull(flight.chunks())));
    const outer = lambda(async (_: string, run) => {
      for await (const piece of inner.stream({ q: 'go' }, run)) {
        flight.consumed += piece.length;
        if (flight.consumed === 1000) await new Promise(() => undefined);
      }
    });
    const subscription = outer.run('x').subscribe();
    while (flight.consumed < 1000) await new Promise(setImmediate);
    subscription.unsubscribe();
    expect(leave(flight)).toBeLessThanOrEqual(16);
    expect(flight.stopped).toBe(true);
  });
});
