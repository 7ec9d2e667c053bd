import { resolve } from 'node:path';
import type { Tracer } from '../../core/trace/tracer.js';
import { drawTree } from '../../tracing/drawing/drawTree.js';
import { memoryTracer } from '../../tracing/exporters/memoryTracer.js';
import { fileTracer } from '../../tracing/node/fileTracer.js';
import type { CliIo } from '../CliIo.js';
import { hasColor } from '../terminal/hasColor.js';

/** What becomes of the traces of a conversation. */
export interface ChatTrace {
  readonly tracer: Tracer;
  /** Called when an answer has ended. */
  answered(): void | Promise<void>;
}

/** What `--trace` asks for: the tree of each answer on standard error; with a file, lines there. */
export function chatTrace(option: string | undefined, io: CliIo): ChatTrace | undefined {
  if (option === undefined) return undefined;
  return option === '' ? drawn(io) : written(resolve(io.cwd, option));
}

function drawn({ stderr, env }: CliIo): ChatTrace {
  const tracer = memoryTracer();
  const answered = (): void => {
    stderr.write(`${drawTree(tracer.trees(), { color: hasColor(stderr, env) })}\n`);
    tracer.clear();
  };
  return { tracer, answered };
}

function written(path: string): ChatTrace {
  const tracer = fileTracer(path);
  return { tracer, answered: () => tracer.flush() };
}
