import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { drawTree } from '../../tracing/drawing/drawTree.js';
import { treesOf } from '../../tracing/runs/RunTree.js';
import { TraceReader } from '../../tracing/runs/TraceReader.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import { parsedArgs } from '../parsedArgs.js';
import { UsageError } from '../UsageError.js';
import { hasColor } from '../terminal/hasColor.js';

/** `rivulet trace FILE`: draws the traces in a file that `fileTracer` or `chat --trace=FILE` wrote; with `--json`, a trace a line. */
export async function traceCommand(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const { values, positionals } = parsedArgs(args, { json: { type: 'boolean' } });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError('trace takes one file: rivulet trace FILE.ndjson');
  const { runs, damaged } = await readFile(resolve(io.cwd, file));
  if (runs.length === 0) throw new Error(`there is no trace in ${file}`);
  const trees = treesOf(runs);
  io.stdout.write(values.json ? trees.map((tree) => `${JSON.stringify(tree)}\n`).join('') : `${drawTree(trees, { color: hasColor(io.stdout, io.env) })}\n`);
  if (damaged > 0) io.stderr.write(`rivulet: ${damaged} ${damaged === 1 ? 'line is' : 'lines are'} no run: whoever wrote it may have been cut off\n`);
  return EXIT.ok;
}

async function readFile(path: string): Promise<TraceReader> {
  const reader = new TraceReader();
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) reader.add(line);
    return reader;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no file ${path}`);
    if (code === 'EISDIR') throw new UsageError(`${path} is a directory, and no file`);
    throw error;
  }
}
