import { RivuletError } from '../../core/errors/RivuletError.js';
import type { ProviderToolDefinition, ToolDefinition } from '../models/ChatModel.js';
import { isTool, type AnyTool } from './buildTool.js';
import type { ProviderTool } from './tool.js';

const TOOLKIT: unique symbol = Symbol.for('rivulet.toolkit') as never;

/** What a looked-up name finds; a name known to the compiler finds its very tool. */
export type ToolNamed<T extends AnyTool, N extends string> = string extends T['name'] ? T | undefined : N extends T['name'] ? Extract<T, { readonly name: N }> : T | undefined;

/** Any toolkit. Iterates over everything in it, so that kits can be spread into others. */
export interface AnyToolkit extends Iterable<AnyTool | ProviderTool> {
  readonly [TOOLKIT]: true;
  /** Those that run here; a provider's run with the provider. */
  readonly tools: readonly AnyTool[];
  readonly names: readonly string[];
  /** All of them, as a model is told of them. */
  readonly definitions: readonly ToolDefinition[];
}

/** A set of tools, each under a name of its own. */
export interface Toolkit<T extends AnyTool = AnyTool> extends AnyToolkit {
  readonly tools: readonly T[];
  readonly names: readonly T['name'][];
  get<N extends string>(name: N): ToolNamed<T, N>;
  [Symbol.iterator](): Iterator<T | ProviderTool>;
}

/** What takes tools takes a kit or a list. */
export type Tools = AnyToolkit | readonly (AnyTool | ProviderTool)[];

/**
 * Puts tools into a named set, and finds out at once if two share a name.
 *
 * *Timing*: at build time.
 *
 * @throws RivuletError `TOOL_DUPLICATE`, `TOOL_SCHEMA`
 *
 * @example
 * ```ts
 * import { tool, toolkit } from 'rivulet';
 * import { z } from 'zod';
 *
 * const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });
 * const kit = toolkit(add, tool.provider('openai', { type: 'web_search' }));
 * const sum = await kit.get('add').invoke({ a: 1, b: 2 }); // 3
 * ```
 */
export function toolkit<const T extends readonly (AnyTool | ProviderTool)[]>(...entries: T): Toolkit<Extract<T[number], AnyTool>> {
  const byName = new Map<string, AnyTool>();
  const definitions = entries.map((entry: unknown): ToolDefinition => {
    if (!isTool(entry)) return asProviderTool(entry);
    if (byName.has(entry.name)) throw duplicate(entry.name);
    byName.set(entry.name, entry);
    return entry.definition;
  });
  const kit: Toolkit = {
    [TOOLKIT]: true,
    tools: Object.freeze([...byName.values()]),
    names: Object.freeze([...byName.keys()]),
    definitions: Object.freeze(definitions),
    get: (name: string) => byName.get(name) as never,
    [Symbol.iterator]: () => entries[Symbol.iterator](),
  };
  return Object.freeze(kit) as unknown as Toolkit<Extract<T[number], AnyTool>>;
}

/** A kit of what may be one already. */
export function toToolkit(tools: Tools): AnyToolkit {
  return TOOLKIT in tools ? tools : toolkit(...tools);
}

function asProviderTool(entry: unknown): ProviderToolDefinition {
  if (typeof entry === 'object' && entry !== null && 'provider' in entry && 'definition' in entry) return entry as ProviderToolDefinition;
  throw new RivuletError('TOOL_SCHEMA', `an entry of type ${typeof entry} is not a tool. Make one with tool({ name, input, run }) or tool.provider(provider, definition)`);
}

function duplicate(name: string): RivuletError {
  return new RivuletError('TOOL_DUPLICATE', `two tools are named '${name}', so a model couldn't say which it calls. Rename one: someTool.with({ name: '${name}_2' })`);
}
