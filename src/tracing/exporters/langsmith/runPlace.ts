import type { TracedRun } from '../../runs/TracedRun.js';
import type { LangsmithDestination } from './langsmithDestinations.js';
import { replicaId } from './replicaId.js';

/** Where a run stands at LangSmith. */
export interface RunPlace {
  readonly project: string;
  readonly id: string;
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly dottedOrder: string;
}

/**
 * As LangSmith's trees hang: a run whose parent's place isn't known is a root to it, though another tracer knows better.
 *
 * @param project where runs go that don't say
 */
export function runPlace(run: TracedRun, project: string, destination: LangsmithDestination): RunPlace {
  const own = run.project ?? project;
  const { project: there = own, keepsIds = there === own } = destination;
  const idThere = (id: string): string => (keepsIds ? id : replicaId(id, there));
  const segments = run.dottedOrder.split('.').map((segment) => ({ time: segment.slice(0, segment.indexOf('Z') + 1), id: idThere(idIn(segment)) }));
  return {
    project: there,
    id: idThere(run.id),
    traceId: segments[0]?.id ?? '',
    parentId: segments.at(-2)?.id,
    dottedOrder: keepsIds ? run.dottedOrder : segments.map(({ time, id }) => time + id).join('.'),
  };
}

const idIn = (segment: string): string => segment.slice(segment.indexOf('Z') + 1);
