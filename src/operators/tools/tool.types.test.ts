import { expect, test } from '@jest/globals';
import { of, type Observable } from 'rxjs';
import { z } from 'zod';
import * as z3 from 'zod/v3';
import { chain } from '../../core/flow/chain.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import type { WholeInput } from '../../core/flow/whole.js';
import { withRetry } from '../../core/flow/withRetry.js';
import { lambda } from '../../core/flow/lambda.js';
import { list } from '../../core/flow/fold.js';
import type { AssistantMessage, MessageChunk, ToolMessage } from '../messages/Message.js';
import type { MessageInput } from '../messages/toMessages.js';
import { text } from '../parsers/text.js';
import { chat } from '../models/chat.js';
import type { ChatModel, ProviderToolDefinition } from '../models/ChatModel.js';
import type { AnyTool, Tool } from './buildTool.js';
import { callTools } from './callTools.js';
import type { StandardSchema } from './schema.js';
import { tool } from './tool.js';
import { toolkit } from './toolkit.js';
import { toolLoop, type ToolLoopChunk } from './toolLoop.js';
import { toolOutput, type ToolOutput } from './toolOutput.js';
import { transcript, type Transcript } from './transcript.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Refuses to compile unless the value's type is exactly `E`. */
const typed = <E>() => <A>(_value: A, ..._wrong: Same<A, E> extends true ? [] : [{ readonly expected: E; readonly actual: A }]): void => undefined;
const model: ChatModel = { id: 'silent', capabilities: {}, stream: () => of() };

test('arguments are inferred from the schema, results from what run returns', () => {
  const v4 = tool({ name: 'v4', input: z.object({ city: z.string(), days: z.coerce.number().default(1) }), run: ({ city, days }) => `${city.toUpperCase()} ${days.toFixed()}` });
  typed<Tool<{ city: string; days?: unknown }, string, string, 'v4'>>()(v4);

  const v3 = tool({ name: 'v3', input: z3.object({ n: z3.number() }), run: async ({ n }) => n + 1 });
  typed<Tool<{ n: number }, number, number, 'v3'>>()(v3);

  const standard: StandardSchema<{ a: string }, { a: number }> = { '~standard': { version: 1, vendor: 'test', validate: () => ({ value: { a: 1 } }), jsonSchema: { input: () => ({ type: 'object' }) } } };
  const std = tool({ name: 'standard', input: standard, run: ({ a }) => of(a.toFixed()) });
  typed<Tool<{ a: string }, string, string, 'standard'>>()(std);

  const json = tool({ name: 'json', input: { type: 'object', properties: { q: { type: 'string' } } }, run: ({ q }: { q: string }, run) => ({ q, thread: run.thread }) });
  typed<Tool<{ q: string }, { q: string; thread: string | undefined }, { q: string; thread: string | undefined }, 'json'>>()(json);

  const untold = tool({ name: 'untold', input: { type: 'object' }, run: (args) => args });
  typed<Tool<unknown, unknown, unknown, 'untold'>>()(untold);

  // @ts-expect-error the schema says nothing of `town`
  tool({ name: 'typo', input: z.object({ city: z.string() }), run: ({ town }) => town });
  expect(v4.name).toBe('v4');
});

test('a flow does the work as its types say, and chunks of a model make a message', () => {
  const numbers = flow('numbers', (source: Observable<{ n: number }>) => source as unknown as Observable<number>, { fold: list<number>() });
  const listed = tool({ name: 'listed', input: z.object({ n: z.number() }), run: numbers });
  typed<Tool<{ n: number }, number, readonly number[], 'listed'>>()(listed);

  const asked = tool({ name: 'asked', input: z.object({ q: z.string() }), run: ({ q }, run) => chat(model).run(q, run) });
  typed<Tool<{ q: string }, MessageChunk, AssistantMessage, 'asked'>>()(asked);

  const artful = tool({ name: 'artful', input: z.object({}), run: () => toolOutput('see', { artifact: 7 }) });
  typed<Tool<Record<string, never>, ToolOutput<number>, ToolOutput<number>, 'artful'>>()(artful);

  // @ts-expect-error the flow takes a number, not a string
  tool({ name: 'unfit', input: z.object({ n: z.string() }), run: numbers });
});

test('copies keep the types', () => {
  const add = tool({ name: 'add', input: z.object({ a: z.number() }), run: ({ a }) => a });
  typed<typeof add>()(add.wrap((work) => withRetry(work)));
  const sum = add.with({ name: 'sum' });
  typed<Tool<{ a: number }, number, number, 'sum'>>()(sum);
  const slow = add.with({ timeoutMs: 5 });
  typed<typeof add>()(slow);
});

test('a kit knows its tools by name', () => {
  const add = tool({ name: 'add', input: z.object({ a: z.number() }), run: ({ a }) => a });
  const shout = tool({ name: 'shout', input: z.object({ s: z.string() }), run: ({ s }) => s.toUpperCase() });
  const kit = toolkit(add, shout, tool.provider('openai', { type: 'web_search' }));
  const found = kit.get('shout');
  typed<typeof shout>()(found);
  const maybe = kit.get('other' as string);
  typed<typeof add | typeof shout | undefined>()(maybe);
  typed<readonly ('add' | 'shout')[]>()(kit.names);
  const [first] = kit;
  typed<typeof add | typeof shout | ProviderToolDefinition | undefined>()(first);
  const any: readonly AnyTool[] = [add, shout];
  const dynamic = toolkit(...any).get('add');
  typed<AnyTool | undefined>()(dynamic);
});

test('calling tools and the loop compose', () => {
  const calling = chain(chat(model), callTools([]));
  typed<Flow<WholeInput<MessageInput>, ToolMessage, readonly ToolMessage[]>>()(calling);
  const answered = chain(toolLoop(model, []), lambda((message) => message.content));
  typed<Flow<WholeInput<MessageInput>, AssistantMessage['content']>>()(answered);
  const told = chain(toolLoop(chat(model), []), transcript());
  typed<Flow<WholeInput<MessageInput>, ToolLoopChunk, Transcript>>()(told);
  const spoken = chain(toolLoop(model, []), text());
  typed<Flow<WholeInput<MessageInput>, string>>()(spoken);
  // @ts-expect-error a flow is asked as it was made
  expect(() => toolLoop(chat(model), [], { temperature: 0 })).toThrow('INVALID_OPTION');
});
