import type { Tracer } from '../../core/trace/tracer.js';
import { drawingTracer } from '../exporters/console/drawingTracer.js';
import type { ConsoleTracerOptions } from '../exporters/console/TraceOutput.js';

/**
 * Draws runs in a terminal as they go, as trees: how long they take, tokens, costs, errors in red. A trace that has ended stays as it
 * is. Where there is no terminal it writes a line for each run that has ended.
 *
 * *Timing*: `scheduler`, at most once in `frameMs`.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { chain, chat, prompt, scripted, text } from 'rivulet';
 * import { consoleTracer } from 'rivulet/tracing';
 *
 * const poem = chain(prompt('A verse about {topic}'), chat(scripted([{ reply: 'O sea!' }])), text());
 * await poem.invoke({ topic: 'the sea' }, { tracer: consoleTracer(), runName: 'poem' });
 * // ✓ poem  4 ms, 4 tokens in, 2 out
 * // ├─ ✓ prompt prompt  0 ms …
 * ```
 */
export function consoleTracer({ out = process.stdout, color, ...options }: ConsoleTracerOptions = {}): Tracer {
  return drawingTracer(out, { color: color ?? (out.isTTY === true && !process.env['NO_COLOR']), ...options });
}
