/** What OpenAI's servers say: one answer, as a whole and as the frames of a stream, by Chat Completions and by the Responses API. */
import { comment, frame } from './WireServer.js';

export interface WireCall {
  readonly id: string;
  readonly name: string;
  readonly args: string;
}

export interface WireAnswer {
  readonly reasoning?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly calls?: readonly WireCall[];
  readonly cites?: readonly string[];
  readonly finish?: string;
}

const HEAD = { id: 'chatcmpl-1', created: 1, model: 'gpt-wire' } as const;

export const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 10,
  total_tokens: 30,
  prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 6, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 4, audio_tokens: 0 },
} as const;

const annotation = (url: string): object => ({ type: 'url_citation', url_citation: { url, title: `about ${url}`, start_index: 0, end_index: 1 } });

/** A chunk of a stream, as a frame. */
export const delta = (fields: object, finish: string | null = null): string =>
  frame({ ...HEAD, object: 'chat.completion.chunk', choices: [{ index: 0, delta: fields, finish_reason: finish }] });

export const usageFrame = (): string => frame({ ...HEAD, object: 'chat.completion.chunk', choices: [], usage: USAGE });
export const DONE = frame('[DONE]');

/** The text in parts of `size` code points. */
export function parts(text: string, size: number): string[] {
  const points = [...text];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => points.slice(index * size, (index + 1) * size).join(''));
}

/** A stream of the answer, its strings in parts of `size`, the arguments of parallel calls in turns. */
export function completionFrames(answer: WireAnswer, size = 3): string[] {
  const { reasoning = '', text = '', refusal = '', calls = [], cites = [], finish = calls.length > 0 ? 'tool_calls' : 'stop' } = answer;
  const pieces = calls.map(({ args }) => parts(args, size));
  const rounds = Math.max(0, ...pieces.map(({ length }) => length));
  return [
    delta({ role: 'assistant', content: '' }),
    ...parts(reasoning, size).map((part) => delta({ reasoning_content: part })),
    comment(),
    ...parts(text, size).map((part) => delta({ content: part })),
    ...parts(refusal, size).map((part) => delta({ refusal: part })),
    ...calls.map(({ id, name }, index) => delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] })),
    ...Array.from({ length: rounds }, (_, round) =>
      pieces.flatMap((piece, index) => (piece[round] === undefined ? [] : [delta({ tool_calls: [{ index, function: { arguments: piece[round] } }] })])),
    ).flat(),
    ...(cites.length > 0 ? [delta({ annotations: cites.map(annotation) })] : []),
    delta({}, finish),
    usageFrame(),
    DONE,
  ];
}

export function completion(answer: WireAnswer): object {
  const { reasoning, text, refusal, calls = [], cites = [], finish = calls.length > 0 ? 'tool_calls' : 'stop' } = answer;
  const message = {
    role: 'assistant',
    content: text ?? null,
    refusal: refusal ?? null,
    ...(reasoning !== undefined && { reasoning_content: reasoning }),
    ...(cites.length > 0 && { annotations: cites.map(annotation) }),
    ...(calls.length > 0 && { tool_calls: calls.map(({ id, name, args }) => ({ id, type: 'function', function: { name, arguments: args } })) }),
  };
  return { ...HEAD, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason: finish }], usage: USAGE };
}

// The Responses API

export type WireItem =
  | { readonly type: 'reasoning'; readonly id: string; readonly summaries: readonly string[]; readonly encrypted?: string }
  | { readonly type: 'text'; readonly text: string; readonly cites?: readonly string[] }
  | { readonly type: 'refusal'; readonly refusal: string }
  | { readonly type: 'call'; readonly call: WireCall }
  | { readonly type: 'search'; readonly id: string };

const RESPONSE_USAGE = { input_tokens: 20, output_tokens: 10, total_tokens: 30, input_tokens_details: { cached_tokens: 8, cache_write_tokens: 6 }, output_tokens_details: { reasoning_tokens: 4 } };

const citation = (url: string): object => ({ type: 'url_citation', url, title: `about ${url}`, start_index: 0, end_index: 1 });

function toItem(item: WireItem): object {
  switch (item.type) {
    case 'reasoning':
      return { type: 'reasoning', id: item.id, summary: item.summaries.map((text) => ({ type: 'summary_text', text })), ...(item.encrypted && { encrypted_content: item.encrypted }) };
    case 'text':
      return { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: item.text, annotations: (item.cites ?? []).map(citation) }] };
    case 'refusal':
      return { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [{ type: 'refusal', refusal: item.refusal }] };
    case 'call':
      return { type: 'function_call', id: `fc_${item.call.id}`, call_id: item.call.id, name: item.call.name, arguments: item.call.args, status: 'completed' };
    case 'search':
      return { type: 'web_search_call', id: item.id, status: 'completed', action: { type: 'search', query: 'q' } };
  }
}

export function response(items: readonly WireItem[], fields: object = {}): object {
  return { object: 'response', id: 'resp_1', model: 'gpt-wire', status: 'completed', error: null, incomplete_details: null, output: items.map(toItem), usage: RESPONSE_USAGE, ...fields };
}

export const event = (type: string, fields: object = {}): string => frame({ type, ...fields }, type);

function itemFrames(item: WireItem, output_index: number, size: number): string[] {
  const whole = toItem(item);
  const deltas = (type: string, text: string, fields: object = {}): string[] => parts(text, size).map((part) => event(type, { output_index, delta: part, ...fields }));
  switch (item.type) {
    case 'reasoning':
      return item.summaries.flatMap((text, summary_index) => deltas('response.reasoning_summary_text.delta', text, { summary_index }));
    case 'text':
      return [
        ...(item.cites ?? []).map((url, annotation_index) => event('response.output_text.annotation.added', { output_index, annotation_index, annotation: citation(url) })),
        ...deltas('response.output_text.delta', item.text, { content_index: 0 }),
        event('response.output_text.done', { output_index, text: item.text }),
      ];
    case 'refusal':
      return deltas('response.refusal.delta', item.refusal, { content_index: 0 });
    case 'call':
      return [...deltas('response.function_call_arguments.delta', item.call.args), event('response.function_call_arguments.done', { output_index, arguments: item.call.args })];
    case 'search':
      return [event('response.web_search_call.searching', { output_index, item_id: (whole as { id: string }).id })];
  }
}

export function responseFrames(items: readonly WireItem[], size = 3, end = 'response.completed', fields: object = {}): string[] {
  return [
    event('response.created', { response: response([], { status: 'in_progress', usage: null }) }),
    ...items.flatMap((item, output_index) => [
      event('response.output_item.added', { output_index, item: { ...toItem(item), ...(item.type === 'call' && { arguments: '' }) } }),
      ...itemFrames(item, output_index, size),
      event('response.output_item.done', { output_index, item: toItem(item) }),
    ]),
    event(end, { response: response(items, fields) }),
  ];
}
