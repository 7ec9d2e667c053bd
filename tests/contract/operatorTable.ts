import { map, of, timer, type OperatorFunction } from 'rxjs';
import { withContext } from '../../src/core/context/withContext.js';
import { broadcast } from '../../src/core/demand/broadcast.js';
import { buffered } from '../../src/core/demand/buffered.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { within } from '../../src/core/demand/within.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { flow } from '../../src/core/flow/flow.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { latest } from '../../src/core/flow/latest.js';
import { whileIdle } from '../../src/core/flow/whileIdle.js';
import { whole } from '../../src/core/flow/whole.js';
import { withCache } from '../../src/core/flow/withCache.js';
import { withConfig } from '../../src/core/flow/withConfig.js';
import { withFallback } from '../../src/core/flow/withFallback.js';
import { withRateLimit } from '../../src/core/flow/withRateLimit.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import { withTimeout } from '../../src/core/flow/withTimeout.js';
import { operate } from '../../src/core/subscription.js';
import { assign } from '../../src/operators/control/assign.js';
import { branch } from '../../src/operators/control/branch.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { passthrough } from '../../src/operators/control/passthrough.js';
import { pick } from '../../src/operators/control/pick.js';
import { route } from '../../src/operators/control/route.js';
import { assistant } from '../../src/operators/messages/assistant.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { structuredChat } from '../../src/operators/models/structuredChat.js';
import { json } from '../../src/operators/parsers/json.js';
import { list } from '../../src/operators/parsers/list.js';
import { structured } from '../../src/operators/parsers/structured.js';
import { text } from '../../src/operators/parsers/text.js';
import { chatPrompt } from '../../src/operators/prompts/chatPrompt.js';
import { fewShot } from '../../src/operators/prompts/fewShot.js';
import { prompt } from '../../src/operators/prompts/prompt.js';
import { embed } from '../../src/operators/retrieval/embed.js';
import { hashingEmbeddings } from '../../src/operators/retrieval/hashingEmbeddings.js';
import { callTools } from '../../src/operators/tools/callTools.js';
import { toolLoop } from '../../src/operators/tools/toolLoop.js';
import { tool } from '../../src/operators/tools/tool.js';
import { transcript } from '../../src/operators/tools/transcript.js';
import { entrypoint } from '../../src/pregel/functional/entrypoint.js';
import { task } from '../../src/pregel/functional/task.js';
import { streamMode } from '../../src/pregel/projections/streamMode.js';
import { span } from '../../src/tracing/span.js';

/**
 * How an exported operator is put to the test. To add one: its name, one call of it, and the values of one run. Where it
 * departs from the common contract, the entry says so.
 */
export interface OperatorEntry {
  readonly make: () => OperatorFunction<never, unknown>;
  /** The values that its source brings in one run. */
  readonly inputs: readonly unknown[];
  /** It is no step of a chain by itself: its source sees the context of one of several members. */
  readonly members?: number;
  /** How many ids it takes for one run, watched or not: a graph's checkpoints have some. */
  readonly ids?: number;
}

const plus = lambda((n: number) => n + 1, 'plus');
const later = lambda((n: number) => timer(2).pipe(map(() => n)), 'later');
const answer = (said: string): ChatModel => ({ id: 'fixed', capabilities: {}, stream: () => timer(1).pipe(map(() => messageChunk({ id: '1', text: said, finishReason: 'stop' }))) });
const SCHEMA = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] };

const entry = <I>(inputs: readonly I[], make: () => OperatorFunction<I, unknown>, rest: Pick<OperatorEntry, 'ids' | 'members'> = {}): OperatorEntry => ({ inputs, make: make as OperatorEntry['make'], ...rest });

/** Every exported function that is an operator, or makes one. */
export const OPERATORS: Readonly<Record<string, OperatorEntry>> = {
  // core
  flow: entry([1, 2], () => flow('n', map((n: number) => n), { kind: 'chain' })),
  chain: entry([1], () => chain(plus, map((n) => n * 2), later)),
  lambda: entry([1], () => later),
  whole: entry([1], () => whole((n: number) => of(n, n + 1))),
  each: entry([1, 2], () => each(later)),
  latest: entry([1, 2], () => latest(later)),
  whileIdle: entry([1, 2], () => whileIdle(later)),
  withContext: entry([1, 2], () => withContext<number>({ tags: ['patched'] })),
  withConfig: entry([1], () => withConfig(later, { tags: ['bound'], timeoutMs: 50 })),
  withRetry: entry([1], () => withRetry(later)),
  withTimeout: entry([1], () => withTimeout(later, { totalMs: 50 })),
  withFallback: entry([1], () => withFallback(later, plus)),
  withCache: entry([1], () => withCache(later)),
  withRateLimit: entry([1], () => withRateLimit(later, { perSecond: 100 })),
  mapAsync: entry([1, 2], () => mapAsync((n: number) => timer(2).pipe(map(() => n)))),
  buffered: entry([1, 2], () => buffered<number>(4)),
  within: entry([1, 2], () => within(2, map((n: number) => n))),
  broadcast: entry([1, 2], () => broadcast<number>(1), { members: 1 }),
  operate: entry([1, 2], () => operate<number, number>((source, subscriber) => source.subscribe(subscriber))),

  // operators
  prompt: entry([{ name: 'x' }], () => prompt('Hello {name}')),
  chatPrompt: entry([{ name: 'x' }], () => chatPrompt([['user', 'Hello {name}']])),
  fewShot: entry([{ name: 'x' }], () => fewShot({ examples: [{ q: '1', a: '2' }], example: '{q}: {a}' })),
  chat: entry(['hi'], () => chat(answer('hello'))),
  structuredChat: entry(['hi'], () => structuredChat(answer('{"a": 1}'), SCHEMA)),
  text: entry(['a', 'b'], () => text()),
  json: entry(['{"a"', ': 1}'], () => json()),
  list: entry(['a\n', 'b'], () => list()),
  structured: entry(['{"a"', ': 1}'], () => structured(SCHEMA)),
  callTools: entry([assistant([{ type: 'tool_call', id: '1', name: 'add', args: {} }])], () => callTools([tool({ name: 'add', description: 'adds', input: { type: 'object', properties: {} }, run: () => timer(1).pipe(map(() => '3')) })])),
  toolLoop: entry(['hi'], () => toolLoop(answer('done'), [])),
  transcript: entry([messageChunk({ id: '1', text: 'a' })], () => transcript()),
  embed: entry(['a text'], () => embed(hashingEmbeddings())),
  parallel: entry([1], () => parallel({ a: plus, b: later })),
  assign: entry([{ a: 1 }], () => assign({ b: lambda((record: { readonly a: number }) => record.a) })),
  pick: entry([{ a: 1, b: 2 }], () => pick('a')),
  passthrough: entry([1], () => passthrough<number>()),
  branch: entry([1], () => branch([(n: number) => n > 1, plus], later)),
  route: entry([1], () => route((n: number) => (n > 1 ? 'a' : 'b'), { a: plus, b: later })),

  // pregel
  entrypoint: entry([1], () => entrypoint('add', (n: number) => timer(2).pipe(map(() => n + 1))), { ids: 2 }),
  task: entry([1], () => task('add', later)),
  streamMode: entry([{ type: 'custom', value: 1, runId: 'r', seq: 0, at: 0, path: [] }], () => streamMode('custom')),

  // tracing
  span: entry([1], () => span('later', 'chain', later)),
};

/** Every other exported function or class, by what it is. */
export const OTHERS: Readonly<Record<string, readonly string[]>> = {
  graphs: ['StateGraph', 'command', 'send', 'resume', 'final', 'previousState', 'modelNode', 'toolNode', 'toolsCondition', 'memoryCheckpointer'],
  channels: ['aggregate', 'anyValue', 'append', 'barrier', 'ephemeral', 'lastValue', 'messages', 'overwrite', 'removeMessage', 'topic', 'untracked'],
  sources: ['createSource', 'fromReadable', 'iterate', 'pull', 'pullAsync'],
  sinks: ['toAsyncIterable', 'toReadable'],
  folds: ['last', 'listFold', 'single', 'foldOf'],
  lookups: ['contextOf', 'demandOf', 'restartOf', 'isFlow', 'isRivuletError', 'isModelError', 'isTool', 'isToolOutput'],
  'classes and errors': [
    'Gate',
    'Link',
    'MemoryCache',
    'RivuletError',
    'BackpressureError',
    'CancelledError',
    'FallbackError',
    'RunTimeoutError',
    'ModelError',
    'ToolInputError',
    'MaxTurnsError',
    'OutputInvalidError',
    'JsonInvalidError',
    'JsonLimitError',
  ],
  values: [
    'applyPatch',
    'assistant',
    'concatChunks',
    'developer',
    'filterMessages',
    'hashingEmbeddings',
    'jsonSchemaOf',
    'lengthSelector',
    'mergeRuns',
    'modelErrorFrom',
    'messageChunk',
    'parseScript',
    'placeholder',
    'scripted',
    'system',
    'textOf',
    'tool',
    'toolkit',
    'toolOutput',
    'toolResult',
    'toMessage',
    'toMessages',
    'trimMessages',
    'user',
    'validatorOf',
  ],
};
