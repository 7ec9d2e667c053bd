import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFlow, type Flow } from '../../core/flow/flow.js';
import type { Checkpointer } from '../../pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../pregel/checkpoints/memoryCheckpointer.js';
import type { GraphPlan } from '../../pregel/graph/GraphPlan.js';
import type { ThreadMethods } from '../../pregel/threadMethods.js';
import { UsageError } from '../UsageError.js';

/** A graph, or an entrypoint, whatever its state is. */
export type AnyGraph = Flow<unknown, unknown, unknown> & ThreadMethods<unknown>;

type Compile = (checkpointer: Checkpointer) => unknown;

const FORMS = "export, as default or as 'graph', a StateGraph that isn't compiled, or a function that makes the compiled graph, or the entrypoint, of a checkpointer";

/**
 * The graph of a module, kept in this store.
 *
 * @throws UsageError if there is no module, or no graph in it that could be kept there
 */
export async function loadGraph(file: string, cwd: string, checkpointer: Checkpointer): Promise<AnyGraph> {
  const exported = await exportOf(file, cwd);
  if (isCompiled(exported)) throw new UsageError(`the graph of ${file} is compiled already, and can't be kept in another store: ${FORMS}`);
  return compiled(exported, file, checkpointer);
}

/** The plan of a module's graph, which may be compiled. */
export async function loadPlan(file: string, cwd: string): Promise<GraphPlan> {
  const exported = await exportOf(file, cwd);
  const graph = isCompiled(exported) ? exported : await compiled(exported, file, memoryCheckpointer());
  if ('plan' in graph) return graph.plan as GraphPlan;
  throw new UsageError(`${file} exports an entrypoint: it is one function, and has no edges to draw`);
}

async function exportOf(file: string, cwd: string): Promise<unknown> {
  const path = resolve(cwd, file);
  await access(path).catch(() => {
    throw new UsageError(`there is no file ${path}`);
  });
  const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown; readonly graph?: unknown };
  return module.default ?? module.graph;
}

async function compiled(exported: unknown, file: string, checkpointer: Checkpointer): Promise<AnyGraph> {
  const compile = compileOf(exported);
  const graph = await compile?.(checkpointer);
  if (isCompiled(graph)) return graph;
  throw new UsageError(`${file} ${compile ? "exports a function that didn't make a compiled graph" : 'exports no graph'}: ${FORMS}`);
}

function compileOf(exported: unknown): Compile | undefined {
  if (isBuilder(exported)) return (checkpointer) => exported.compile({ checkpointer });
  return typeof exported === 'function' ? (exported as Compile) : undefined;
}

/** Also of another copy of the library. */
function isBuilder(exported: unknown): exported is { compile(options: { readonly checkpointer: Checkpointer }): unknown } {
  return typeof exported === 'object' && exported !== null && 'compile' in exported && typeof exported.compile === 'function';
}

function isCompiled(exported: unknown): exported is AnyGraph {
  return isFlow(exported) && 'getState' in exported;
}
