import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import * as z3 from 'zod/v3';
import { append } from '../../channels/append.js';
import { overwrite } from '../../channels/overwrite.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { channelOf } from './channelOf.js';
import { command } from './command.js';
import { END, START } from './names.js';
import { schemaChannels } from './schemaChannels.js';
import { StateGraph } from './StateGraph.js';

const ids = (): string => 'id';
const prepared = (schema: Parameters<typeof schemaChannels>[0], name: string, write: unknown): unknown => schemaChannels(schema)[name]?.prepare?.(write, ids, name);

describe.each([
  ['zod 4', z.object({ topic: z.string(), tries: z.number().default(3), tags: z.array(z.string()).default(() => []), maybe: z.string().optional() })],
  ['zod 3', z3.object({ topic: z3.string(), tries: z3.number().default(3), tags: z3.array(z3.string()).default(() => []), maybe: z3.string().optional() })],
])('the fields of a %s object', (_, schema) => {
  test('are channels of the last value, which begin with their default', () => {
    const channels = schemaChannels(schema);
    expect(Object.entries(channels).map(([name, { kind, initial }]) => [name, kind, initial()])).toEqual([['topic', 'lastValue', undefined], ['tries', 'lastValue', 3], ['tags', 'lastValue', []], ['maybe', 'lastValue', undefined]]);
    expect(() => channels['topic']?.update(undefined, ['a', 'b'], 'topic')).toThrow(/INVALID_CONCURRENT_GRAPH_UPDATE/);
  });

  test('take what their schema accepts', () => {
    expect(prepared(schema, 'tries', 0)).toBe(0);
    expect(() => prepared(schema, 'tries', 'x')).toThrow(/INVALID_UPDATE: channel 'tries' got a value that its schema refuses: .*expected number/i);
    expect(() => prepared(schema, 'tags', ['a', 1])).toThrow(/'tags' got a value that its schema refuses: 1: /);
    expect(prepared(schema, 'tries', overwrite(5))).toEqual(overwrite(5));
    expect(() => prepared(schema, 'tries', overwrite('x'))).toThrow(/INVALID_UPDATE/);
  });
});

test('what a schema makes of a write is what is kept', () => {
  expect(prepared(z.object({ n: z.string().transform(Number) }), 'n', '12')).toBe(12);
  expect(prepared(z.object({ o: z.object({ a: z.number() }) }), 'o', { a: 1, b: 2 })).toEqual({ a: 1 });
});

test('an asynchronous schema is refused where the graph is built', () => {
  const slow = z.object({ n: z.number().optional().refine(async () => true) });
  expect(() => new StateGraph(slow)).toThrow(/INVALID_OPTION: the schema of field 'n' is asynchronous/);
});

describe('channelOf', () => {
  const list = z.array(z.string());
  const notes = channelOf(list, append<string>());

  test('says how a field is kept, and leaves the schema as it was', () => {
    expect(schemaChannels(z.object({ notes }))['notes']).toMatchObject({ kind: 'aggregate', signature: 'append' });
    expect(schemaChannels(z.object({ notes: list }))['notes']?.kind).toBe('lastValue');
  });

  test('makes a schema that means the same to all others', () => {
    const object = z.object({ notes });
    expect(object.parse({ notes: ['a'] })).toEqual({ notes: ['a'] });
    expect(object.safeParse({ notes: [1] }).success).toBe(false);
    expect(z.toJSONSchema(object)).toEqual(z.toJSONSchema(z.object({ notes: list })));
    expect(notes).toBeInstanceOf(z.ZodArray);
    expect(z.object({ all: z.array(notes) }).parse({ all: [['a']] })).toEqual({ all: [['a']] });
    expect(z3.object({ n: channelOf(z3.array(z3.string()), append<string>()) }).parse({ n: ['a'] })).toEqual({ n: ['a'] });
  });
});

describe('a graph whose state is a schema', () => {
  const graph = new StateGraph(z.object({ topic: z.string(), tries: z.number().default(0), notes: channelOf(z.array(z.string()), append<string>()) }))
    .addNode('try', ({ topic, tries }) => command({ update: { tries: tries + 1, notes: `${topic} ${tries}` } }))
    .addEdge(START, 'try')
    .addConditionalEdges('try', ({ tries }) => (tries < 2 ? 'try' : END))
    .compile();

  test('runs', async () => {
    expect(await graph.invoke({ topic: 'rain' })).toEqual({ topic: 'rain', tries: 2, notes: ['rain 0', 'rain 1'] });
  });

  test('refuses an input that does not fit', async () => {
    const error: unknown = await graph.invoke({ topic: 1 } as never).catch((thrown: unknown) => thrown);
    expect(isRivuletError(error, 'INVALID_UPDATE')).toBe(true);
  });
});
