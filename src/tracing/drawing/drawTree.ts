import type { RunTree } from '../runs/RunTree.js';
import { treeLines, type DrawTreeOptions } from './treeLines.js';

/**
 * Draws runs as trees, for a terminal or a log: a line a run, with how it ended, how long it took, when its first token came, the
 * tokens and costs of models and of the whole, errors, and the supersteps of graphs.
 *
 * @example
 * ```ts
 * import { chain, chat, scripted, text } from 'rivulet';
 * import { drawTree, memoryTracer } from 'rivulet/tracing';
 *
 * const tracer = memoryTracer();
 * await chain(chat(scripted([{ reply: 'Hello!' }])), text()).invoke('Hi', { tracer, runName: 'greet' });
 * console.log(drawTree(tracer.trees()));
 * // ✓ greet  2 ms, 2 tokens in, 1 out
 * // ├─ ✓ scripted llm  1 ms, first token after 1 ms, 2 tokens in, 1 out
 * // └─ ✓ text parser  1 ms
 * ```
 */
export function drawTree(trees: readonly RunTree[], options?: DrawTreeOptions): string {
  return treeLines(trees, options).join('\n');
}
