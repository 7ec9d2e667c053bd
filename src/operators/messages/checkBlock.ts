import { RivuletError } from '../../core/errors/RivuletError.js';
import type { ContentBlock } from './ContentBlock.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const record: Check = (value) => typeof value === 'object' && value !== null;
const many: Check = (value) => Array.isArray(value);

/** The fields without which a block of a type can't be sent. */
const REQUIRED: { readonly [T in ContentBlock['type']]: Readonly<Record<string, Check>> } = {
  text: { text },
  reasoning: { text },
  image: { source: record },
  audio: { source: record },
  file: { source: record },
  tool_call: { id: text, name: text },
  tool_result: { toolCallId: text, content: many },
  citation: {},
  provider: { provider: text },
};

/** @throws RivuletError `INVALID_MESSAGE` if `block` isn't a content block; says which field is wrong. */
export function checkBlock(block: unknown): asserts block is ContentBlock {
  const { type } = (record(block) ? block : {}) as { readonly type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(REQUIRED, type)) {
    throw invalid(`a content block has the type ${JSON.stringify(type)}. Known types: ${Object.keys(REQUIRED).join(', ')}; what only a provider knows goes in a 'provider' block`);
  }
  const fields = REQUIRED[type as ContentBlock['type']];
  for (const field in fields) {
    if (!fields[field]?.((block as Readonly<Record<string, unknown>>)[field])) throw invalid(`the '${field}' of a '${type}' block is missing or of the wrong type. See ContentBlock for its fields`);
  }
}

const invalid = (message: string): RivuletError => new RivuletError('INVALID_MESSAGE', message);
