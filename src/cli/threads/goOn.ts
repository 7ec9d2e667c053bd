import { toAsyncIterable } from '../../core/bridge/toAsyncIterable.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import type { Command } from '../../pregel/graph/command.js';
import { eventLine } from '../chat/eventLine.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import type { AnyGraph } from '../graph/loadGraph.js';
import { EventPrinter } from '../terminal/EventPrinter.js';

/** Which branch of a thread goes on, and how far. */
export interface RunOnThread {
  readonly thread: string;
  readonly branch: string;
  readonly recursionLimit?: number;
}

/** Runs a thread until it is done, waits or fails, and shows what happens; Ctrl-C cancels. */
export async function goOn(graph: AnyGraph, input: Command | null, config: RunOnThread, io: CliIo, json: boolean): Promise<ExitCode> {
  const controller = new AbortController();
  const stop = io.onInterrupt(() => controller.abort());
  const printer = new EventPrinter(io);
  let code: ExitCode = EXIT.ok;
  try {
    for await (const event of toAsyncIterable(graph.events(input, { ...config, signal: controller.signal }))) {
      if (json) io.stdout.write(eventLine(event));
      else printer.next(event);
      if (event.type === 'run_end' && event.status === 'interrupted') code = EXIT.waiting;
    }
    return code;
  } catch (error) {
    if (isRivuletError(error, 'CANCELLED')) return EXIT.interrupted;
    throw error;
  } finally {
    printer.stop();
    stop();
  }
}
