import type { ChatModel } from '../../operators/models/ChatModel.js';
import { UsageError } from '../UsageError.js';
import { embeddedModel } from './embeddedModel.js';

type Env = Readonly<Record<string, string | undefined>>;

const FORMS = 'scripted, openai:NAME, anthropic:NAME or URL#NAME';

/**
 * The model that `--model` names. A provider's SDK is loaded only if it is asked for.
 *
 * @param toolNames what the embedded model may call
 */
export async function modelOf(spec: string, env: Env, toolNames: readonly string[]): Promise<ChatModel> {
  if (spec === 'scripted') return embeddedModel(toolNames);
  const [, provider, name] = /^(openai|anthropic):(.+)$/.exec(spec) ?? [];
  if (provider === 'openai' && name) return openaiModel(name, key(env, 'OPENAI_API_KEY', spec), env);
  if (provider === 'anthropic' && name) return anthropicModel(name, key(env, 'ANTHROPIC_API_KEY', spec), env);
  const [, baseURL, model] = /^(https?:\/\/[^#]+)#(.+)$/.exec(spec) ?? [];
  if (baseURL && model) return compatibleModel(baseURL, model, env);
  throw new UsageError(`'${spec}' is no model. Write ${FORMS}`);
}

function key(env: Env, variable: string, spec: string): string {
  const value = env[variable];
  if (value) return value;
  throw new UsageError(`${spec} needs a key, and ${variable} is not set. Set it, or use --model scripted, which needs none`);
}

async function openaiModel(name: string, apiKey: string, env: Env): Promise<ChatModel> {
  const { openai } = await import('../../operators/models/openai/openai.js');
  const baseURL = env['OPENAI_BASE_URL'];
  return openai(name, { apiKey, ...(baseURL && { baseURL }) });
}

async function anthropicModel(name: string, apiKey: string, env: Env): Promise<ChatModel> {
  const { anthropic } = await import('../../operators/models/anthropic/anthropic.js');
  const baseURL = env['ANTHROPIC_BASE_URL'];
  return anthropic(name, { apiKey, ...(baseURL && { baseURL }) });
}

async function compatibleModel(baseURL: string, model: string, env: Env): Promise<ChatModel> {
  const { openaiCompatible } = await import('../../operators/models/openai/openaiCompatible.js');
  const apiKey = env['OPENAI_API_KEY'];
  return openaiCompatible({ baseURL, model, ...(apiKey && { apiKey }) });
}
