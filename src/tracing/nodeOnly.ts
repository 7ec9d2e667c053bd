import { RivuletError } from '../core/errors/RivuletError.js';
import type { ExportingTracer } from './exporters/ExportingTracer.js';
import type { ExportLimits } from './exporters/ExportQueue.js';

/**
 * Needs Node: it writes files.
 *
 * @throws RivuletError `NODE_ONLY`
 */
export function fileTracer(_path: string, _limits?: ExportLimits): ExportingTracer {
  throw new RivuletError('NODE_ONLY', 'fileTracer writes files, which a browser does not have. Use memoryTracer there, or send traces by otelTracer or langsmithTracer');
}
