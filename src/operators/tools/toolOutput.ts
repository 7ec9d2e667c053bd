import type { ContentBlock } from '../messages/ContentBlock.js';

const TOOL_OUTPUT: unique symbol = Symbol.for('rivulet.toolOutput') as never;

/** A tool's result in two parts: what the model reads, and what the program keeps. */
export interface ToolOutput<A = unknown> {
  readonly [TOOL_OUTPUT]: true;
  readonly content: string | readonly ContentBlock[];
  /** For the program, not for the model. */
  readonly artifact?: A;
  /** The call failed; `content` says how. */
  readonly isError?: boolean;
}

export interface ToolOutputOptions<A> {
  readonly artifact?: A;
  readonly isError?: boolean;
}

/**
 * What a tool returns when a plain value isn't enough: content blocks, an artifact for the program, or a failure in its own words.
 *
 * *Demand*, *Timing*: a plain value. *Errors*: none.
 *
 * @example
 * ```ts
 * import { tool, toolOutput } from 'rivulet';
 *
 * const chart = tool({
 *   name: 'chart',
 *   input: { type: 'object', properties: {} },
 *   run: () => toolOutput('Drew the sales chart.', { artifact: { bars: [3, 5, 8] } }),
 * });
 * const { artifact } = await chart.invoke({}); // { bars: [3, 5, 8] }
 * ```
 */
export function toolOutput<A = undefined>(content: string | readonly ContentBlock[], { artifact, isError }: ToolOutputOptions<A> = {}): ToolOutput<A> {
  return Object.freeze({ [TOOL_OUTPUT]: true as const, content, ...(artifact !== undefined && { artifact }), ...(isError && { isError }) });
}

/** Whether `value` was made by `toolOutput`, also by another copy of the library. */
export function isToolOutput(value: unknown): value is ToolOutput {
  return typeof value === 'object' && value !== null && TOOL_OUTPUT in value;
}
