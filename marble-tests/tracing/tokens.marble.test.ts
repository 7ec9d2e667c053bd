import { describe, expect, test } from '@jest/globals';
import { chat, scripted } from '../../src/index.js';
import { virtualClock } from '../../src/testing/index.js';
import { costs, memoryTracer, onRun, redact, runTracer, sample, tapEvents, type Tracer } from '../../src/tracing/index.js';
import { recorder } from '../eventStory.js';

const ask = chat(scripted([{ reply: 'one two three' }], { paceMs: 10 }));

interface Listener extends Tracer {
  readonly heard: string[];
}

/** What it hears a model say. */
function listener(tokens?: Tracer['tokens']): Listener {
  const heard: string[] = [];
  return { heard, tokens, next: (event) => (event.type === 'token' ? void heard.push(event.text) : undefined) };
}

function run(config: { readonly tracer?: Tracer; readonly events?: Tracer }): void {
  const clock = virtualClock();
  ask.run('Hi', { ...config, scheduler: clock }).subscribe();
  clock.advance(1_000);
}

const ALL = ['one ', 'two ', 'three'];

describe('a tracer that needs the first token of each run alone', () => {
  test('hears that, in every run', () => {
    const tracer = listener('first');
    run({ tracer });
    run({ tracer });
    expect(tracer.heard).toEqual(['one ', 'one ']);
  });

  test('hears all where somebody else needs them', () => {
    const [tracer, events] = [listener('first'), listener()];
    run({ tracer, events });
    expect([tracer.heard, events.heard]).toEqual([ALL, ALL]);
  });

  test.each([['redact', redact()], ['sample', sample(1)], ['costs', costs()]])('is heard through %s', (_, operator) => {
    const [first, all] = [listener('first'), listener()];
    run({ tracer: operator(first) });
    run({ tracer: operator(all) });
    expect([first.heard.length, all.heard.join('')]).toEqual([1, ALL.join('')]);
  });

  test('is any that makes runs of events: they have the time of that token, and all of the output', () => {
    const tracer = memoryTracer();
    run({ tracer });
    expect(tracer.runs).toMatchObject([{ firstTokenTime: (tracer.runs[0]?.startTime ?? 0) + 10, outputs: { content: [{ text: 'one two three' }] } }]);
    expect([tracer.tokens, runTracer({ end: () => undefined }).tokens]).toEqual(['first', 'first']);
  });
});

test('taps hear all, but those of a handler that asks for none', () => {
  const said: string[] = [];
  run({ events: onRun({ token: (text) => void said.push(text) }) });
  expect(said).toEqual(ALL);
  expect([onRun({}).tokens, onRun({ token: () => undefined }).tokens, tapEvents(recorder()).tokens, tapEvents(listener('first')).tokens]).toEqual(['first', 'all', undefined, 'first']);
});
