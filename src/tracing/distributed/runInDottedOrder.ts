import type { RemoteRun } from '../../core/trace/RemoteRun.js';
import { isUuid } from './isUuid.js';

const SEGMENT = /^\d{8}T\d{12}Z(.{36})$/;

/** The run whose place this is, if it is one that LangSmith's clients can read: of UUIDs all along. */
export function runInDottedOrder(dottedOrder: string): RemoteRun | undefined {
  const ids = dottedOrder.split('.').map((segment) => SEGMENT.exec(segment)?.[1] ?? '');
  const [traceId, runId] = [ids[0], ids[ids.length - 1]];
  return ids.every(isUuid) && traceId !== undefined && runId !== undefined ? { runId, traceId, dottedOrder } : undefined;
}
