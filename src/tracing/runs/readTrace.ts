import { treesOf, type RunTree } from './RunTree.js';
import type { TracedRun } from './TracedRun.js';
import { TraceReader } from './TraceReader.js';

/** What a trace file tells. */
export interface StoredTrace {
  /** In the order in which they began; of one that never ended the status is `running`. Errors are plain data. */
  readonly runs: readonly TracedRun[];
  /** How many lines could not be read: the last one, where the writer died over it. */
  readonly damaged: number;
  /** The runs as trees. */
  trees(): readonly RunTree[];
}

/**
 * Reads what `fileTracer` wrote.
 *
 * @param text the file's text
 * @throws RivuletError `STORED_NEWER` for a file that a later version wrote
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { drawTree, fileTracer, readTrace } from 'rivulet/tracing';
 * import { mkdtempSync, readFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 *
 * const file = join(mkdtempSync(join(tmpdir(), 'traces-')), 'runs.ndjson');
 * const tracer = fileTracer(file);
 * await lambda((n: number) => n + 1, 'add').invoke(1, { tracer });
 * await tracer.flush();
 * drawTree(readTrace(readFileSync(file, 'utf8')).trees()); // '✓ add  1 ms'
 * ```
 */
export function readTrace(text: string): StoredTrace {
  const reader = new TraceReader();
  for (const line of text.split('\n')) reader.add(line);
  const { runs, damaged } = reader;
  return { runs, damaged, trees: () => treesOf(runs) };
}
