import { toAsyncIterable } from '../../core/bridge/toAsyncIterable.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import type { Command } from '../../pregel/graph/command.js';
import { eventLine } from '../chat/eventLine.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import type { AnyGraph } from '../graph/loadGraph.js';
import { EventPrinter } from '../terminal/EventPrinter.js';

/** A branch of a thread. */
export interface At {
  readonly thread: string;
  readonly branch: string;
}

/** Runs a thread until it is done, waits or fails, and shows what happens; Ctrl-C cancels. */
export async function goOn(graph: AnyGraph, input: Command | null, at: At, io: CliIo, json: boolean): Promise<ExitCode> {
  const controller = new AbortController();
  const stop = io.onInterrupt(() => controller.abort());
  const printer = new EventPrinter(io);
  let code: ExitCode = EXIT.ok;
  try {
    for await (const event of toAsyncIterable(graph.events(input as never, { ...at, signal: controller.signal }))) {
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
