import { filter } from 'rxjs';
import { requireCount } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { FOLD, Fold } from '../../core/flow/fold.js';
import { flow, isFlow, type Flow } from '../../core/flow/flow.js';
import { whole, type WholeInput } from '../../core/flow/whole.js';
import { iterate } from '../../core/loop/iterate.js';
import type { AssistantMessage, MessageChunk, ToolMessage } from '../messages/Message.js';
import { messageFold } from '../messages/messageChunk.js';
import { system } from '../messages/system.js';
import type { ContentInput } from '../messages/toContent.js';
import { toMessages, type MessageInput } from '../messages/toMessages.js';
import { chat } from '../models/chat.js';
import type { ChatModel, ChatOptions } from '../models/ChatModel.js';
import { callTools, type CallToolsOptions } from './callTools.js';
import { loopTurn, type Ask, type LoopState } from './loopTurn.js';
import { toToolkit, type AnyToolkit, type Tools } from './toolkit.js';

/** `concurrency`, `timeoutMs`, `retry` and `onError` are those of `callTools`. */
export interface ToolLoopOptions extends CallToolsOptions {
  /** How often the model may be asked. Default 10, and no more than the run's `recursionLimit`. */
  readonly maxTurns?: number | undefined;
  /** What the model is told before everything else. */
  readonly system?: ContentInput | undefined;
}

/** A `toolChoice` that forces a call holds for the first turn: the loop would never end by itself otherwise. */
export type ModelLoopOptions = ToolLoopOptions & Omit<ChatOptions, 'tools'>;

/** What a loop emits: the pieces of each answer, and the results of the tools whole. A `role` tells the two apart. */
export type ToolLoopChunk = MessageChunk | ToolResultChunk;

export interface ToolResultChunk extends ToolMessage {
  /** In types only: a loop makes an assistant message. */
  readonly [FOLD]?: Fold<ToolLoopChunk, AssistantMessage>;
}

/** Takes what a model can be asked with; makes the model's last message. */
export type ToolLoop = Flow<WholeInput<MessageInput>, ToolLoopChunk, AssistantMessage>;

/**
 * The light agent, without a graph: asks a model, runs the tools it calls, asks again with their results, until it calls
 * none. Streams the tokens of every turn; its result is the last message, or with `transcript()` after it, all of them.
 *
 * ```text
 * -q--------------|
 * toolLoop(model, [add])
 * --c--r-a-b-(d|)     c calls add, r is its result, a b d the answer
 * ```
 *
 * *Demand*: a source, waits before each turn. *Timing*: the model's and the tools'. *Errors*: `MAX_TURNS`, with the messages
 * so far, if the model still calls tools in the last turn (these calls are not run); the model's.
 *
 * @param model a model, or to wrap how it is asked, a flow: `withRetry(chat(model, { tools: kit.definitions }))`
 *
 * @throws RivuletError `INVALID_OPTION`, `TOOL_DUPLICATE`, `TOOL_SCHEMA`
 *
 * @example
 * ```ts
 * import { scripted, textOf, tool, toolLoop } from 'rivulet';
 * import { z } from 'zod';
 *
 * const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });
 * const model = scripted([
 *   { when: /(\d+)\+(\d+)/, calls: [{ name: 'add', args: { a: '{1:number}', b: '{2:number}' } }] },
 *   { after: 'add', reply: 'That makes {result}.' },
 * ]);
 * const agent = toolLoop(model, [add], { system: 'You are good at sums.' });
 * const answer = textOf(await agent.invoke('2+2')); // 'That makes 4.'
 * ```
 */
export function toolLoop(model: ChatModel, tools: Tools, options?: ModelLoopOptions): ToolLoop;
export function toolLoop(model: Ask, tools: Tools, options?: ToolLoopOptions): ToolLoop;
export function toolLoop(model: ChatModel | Ask, tools: Tools, options: ModelLoopOptions = {}): ToolLoop {
  const { maxTurns, system: told, concurrency, timeoutMs, retry, onError, ...chatOptions } = options;
  if (maxTurns !== undefined) requireCount('maxTurns', maxTurns, { infinite: true });
  const kit = toToolkit(tools);
  const askIn = asking(model, kit, chatOptions);
  const answer = callTools(kit, { concurrency, timeoutMs, retry, onError });
  const head = told === undefined ? [] : [system(told)];

  const loop = whole((input: MessageInput, run) => {
    const parts = { answer, asked: [...head, ...toMessages(input)], maxTurns: maxTurns ?? Math.min(10, run.recursionLimit) };
    const turns = iterate<LoopState, ToolLoopChunk>({ turn: 1, said: [] }, (state) => loopTurn(state, { ...parts, ask: askIn(state.turn) }), isState);
    return turns.pipe(filter((value): value is ToolLoopChunk => !isState(value)));
  });
  return flow('toolLoop', loop, { fold: lastAnswer, kind: 'agent' });
}

const isState = (value: ToolLoopChunk | LoopState): value is LoopState => 'turn' in value;

/** The message fold, past the tools' results: a chunk with another id begins the next message. */
const lastAnswer: Fold<ToolLoopChunk, AssistantMessage> = {
  kind: 'message',
  start: () => {
    const folding = messageFold.start();
    return {
      add: (chunk) => {
        if (!('role' in chunk)) folding.add(chunk);
      },
      result: () => folding.result(),
    };
  },
};

/** How the model is asked in a turn. */
function asking(model: ChatModel | Ask, kit: AnyToolkit, options: ChatOptions): (turn: number) => Ask {
  if (isFlow(model)) {
    const ignored = Object.keys(options);
    if (ignored.length === 0) return () => model;
    throw new RivuletError('INVALID_OPTION', `toolLoop was given a flow and ${ignored.join(', ')}. Set what the model is asked with in the flow: chat(model, { … })`);
  }
  if (kit.tools.length > 0 && model.capabilities.tools === false) {
    throw new RivuletError('INVALID_OPTION', `model '${model.id}' can't call tools. Use one that can, or chat(model)`);
  }
  const { toolChoice, ...free } = { ...options, ...(kit.definitions.length > 0 && { tools: kit.definitions }) };
  const later = chat(model, toolChoice === 'auto' || toolChoice === 'none' ? { ...free, toolChoice } : free);
  const first = toolChoice === undefined ? later : chat(model, { ...free, toolChoice });
  return (turn) => (turn === 1 ? first : later);
}
