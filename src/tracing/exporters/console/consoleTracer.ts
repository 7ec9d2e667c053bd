import { platform } from '../../../core/bridge/platform.js';
import type { Tracer } from '../../../core/trace/tracer.js';
import { drawingTracer } from './drawingTracer.js';
import type { ConsoleTracerOptions, TraceOutput } from './TraceOutput.js';

/** As in Node; here the default is to write lines to the browser's console. */
export function consoleTracer({ out = BROWSER_CONSOLE, ...options }: ConsoleTracerOptions = {}): Tracer {
  return drawingTracer(out, options);
}

const BROWSER_CONSOLE: TraceOutput = { write: (text) => platform.print(text.trimEnd()) };
