import { RivuletError } from '../core/errors/RivuletError.js';
import type { ExportingTracer } from './exporters/exportingTracer.js';
import type { ExportLimits } from './exporters/ExportQueue.js';

/**
 * Needs Node: it writes files.
 *
 * @throws RivuletError `NODE_ONLY`
 */
export function fileTracer(_path: string, _limits?: ExportLimits): ExportingTracer {
  throw new RivuletError('NODE_ONLY', 'fileTracer writes files, which a browser does not have. Use memoryTracer there, or send traces by otelTracer or langsmithTracer');
}

/**
 * Needs Node: a browser's page can't wait for requests when it ends.
 *
 * @throws RivuletError `NODE_ONLY`
 */
export function flushOnExit<T extends ExportingTracer>(_tracer: T): T {
  throw new RivuletError('NODE_ONLY', "flushOnExit waits for the end of a Node process. In a browser, flush when the page's visibilitychange event says that it is hidden");
}
