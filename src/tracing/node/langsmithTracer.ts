import type { ExportingTracer } from '../exporters/exportingTracer.js';
import type { LangsmithRequest } from '../exporters/langsmith/LangsmithRequest.js';
import { langsmithExporter } from '../exporters/langsmith/langsmithExporter.js';
import type { LangsmithOptions } from '../exporters/langsmith/langsmithOptions.js';
import { langsmithVariable } from '../exporters/langsmith/langsmithVariable.js';
import { FailedRequests } from './FailedRequests.js';
import { flushOnExit } from './flushOnExit.js';
import { langsmithEnvironment, releaseOf } from './langsmithEnvironment.js';

/**
 * Sends runs to LangSmith, or to a server that speaks as it does: each when it begins and when it ends, or once, if it ends soon.
 * Values are read when they are told, so that what becomes of them later doesn't show in a trace. What is left is sent when the
 * process ends: see `flushOnExit`.
 *
 * *Timing*: in the background, on the `scheduler` of its options. *Errors*: none reach the program; runs that can't be sent are
 * counted and reported, and kept as files in `LANGSMITH_FAILED_TRACES_DIR`, if there is one.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function langsmithTracer(options: LangsmithOptions = {}): ExportingTracer {
  const failed = failedRequests();
  const host = { metadata: langsmithEnvironment(process.env), release: releaseOf(process.env), ...(failed && { keep: (request: LangsmithRequest) => failed.keep(request) }) };
  return flushOnExit(langsmithExporter(options, host));
}

function failedRequests(): FailedRequests | undefined {
  const directory = langsmithVariable('FAILED_TRACES_DIR');
  const megabytes = parseInt(langsmithVariable('FAILED_TRACES_MAX_MB') ?? '', 10);
  return directory === undefined ? undefined : new FailedRequests(directory, (megabytes > 0 ? megabytes : 100) * 2 ** 20);
}
