import type { Attributes } from '@opentelemetry/api';
import type { TracedRun } from '../../runs/TracedRun.js';
import { invocationOf, type Invocation } from '../invocationOf.js';
import { wireJson } from '../wireJson.js';

const NUMBERS = ['temperature', 'top_p', 'top_k', 'max_tokens', 'seed', 'frequency_penalty', 'presence_penalty'] as const;

/**
 * What a model was asked with, as `gen_ai.request.*`, `gen_ai.output.type` and `gen_ai.tool.definitions`.
 *
 * @param content whether to tell of its tools
 */
export function requestAttributes(run: TracedRun, content: boolean): Attributes {
  const { parameters, tools } = invocationOf(run);
  const { stop, reasoning_effort: effort, response_format: format } = parameters;
  const numbers = NUMBERS.filter((name) => typeof parameters[name] === 'number').map((name) => [`gen_ai.request.${name}`, parameters[name]]);
  return {
    ...Object.fromEntries(numbers) as Attributes,
    ...(Array.isArray(stop) && { 'gen_ai.request.stop_sequences': stop.map(String) }),
    ...(typeof effort === 'string' && { 'gen_ai.request.reasoning.level': effort }),
    ...(format !== undefined && { 'gen_ai.output.type': 'json' }),
    ...(content && tools.length > 0 && { 'gen_ai.tool.definitions': wireJson(tools.map(definitionOf)) }),
  };
}

/** Source: gen-ai-tool-definitions.json of the conventions: a tool has a type and a name. */
function definitionOf(tool: Invocation['tools'][number]): object {
  return tool.type === 'function' && 'function' in tool ? { type: 'function', ...(tool.function as object) } : { name: tool.type, ...tool };
}
