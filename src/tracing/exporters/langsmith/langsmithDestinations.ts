import { platform } from '../../../core/bridge/platform.js';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import { langsmithVariable } from './langsmithVariable.js';

/** A place where runs are written, as one of several. What it doesn't say is as of the tracer. */
export interface LangsmithReplica {
  readonly endpoint?: string;
  readonly apiKey?: string;
  readonly workspaceId?: string;
  /** Default: where a run would go. In another project a run has another id, which follows from its own. */
  readonly project?: string;
  /** The one replica whose runs keep their ids whatever its project, and no other's do. */
  readonly primary?: boolean;
}

/** Where runs go, and as whose. */
export interface LangsmithDestination {
  readonly endpoint: string;
  readonly apiKey: string | undefined;
  readonly workspaceId: string | undefined;
  /** Undefined is a run's own. */
  readonly project: string | undefined;
  /** Whether runs have their own ids there; undefined is: in their own project. */
  readonly keepsIds: boolean | undefined;
}

/**
 * The places of the replicas, or of `base` where there are none.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function langsmithDestinations(base: LangsmithDestination, replicas: readonly LangsmithReplica[] = fromEnvironment()): readonly LangsmithDestination[] {
  const primaries = replicas.filter(({ primary }) => primary).length;
  if (primaries > 1) throw new RivuletError('INVALID_OPTION', `${primaries} replicas are primary. Only one can keep the ids of runs that aren't in their own project`);
  return replicas.length === 0 ? [base] : replicas.map((replica) => destinationOf(replica, base, primaries > 0));
}

function destinationOf({ endpoint = '', apiKey, workspaceId, project, primary }: LangsmithReplica, base: LangsmithDestination, hasPrimary: boolean): LangsmithDestination {
  const place = endpoint.replace(/\/+$/, '') || base.endpoint;
  const isForeign = apiKey !== undefined && apiKey !== base.apiKey && hostOf(place) !== hostOf(base.endpoint); // workspaces are a server's own
  return {
    endpoint: place,
    apiKey: apiKey ?? base.apiKey,
    workspaceId: workspaceId ?? (isForeign ? undefined : base.workspaceId),
    project,
    keepsIds: primary ?? (hasPrimary ? false : undefined),
  };
}

const hostOf = (url: string): string => /^\w+:\/\/([^/]*)/.exec(url)?.[1] ?? url;

const VARIABLE = 'LANGSMITH_RUNS_ENDPOINTS';

/** A list of replicas, or keys by endpoint. What of it makes no sense is left out, with a warning, as the official client has it. */
function fromEnvironment(): readonly LangsmithReplica[] {
  const value = parsed(platform.env(VARIABLE) ?? '[]');
  if (Array.isArray(value)) return value.flatMap(replicaOf);
  if (typeof value !== 'object' || value === null) return ignored('neither a list of objects with api_url and api_key, nor an object of keys by endpoint');
  const entries = Object.entries(value);
  if (entries.length > 0 && langsmithVariable('ENDPOINT') !== undefined) {
    throw new RivuletError('INVALID_OPTION', `LANGSMITH_ENDPOINT and ${VARIABLE} both say where runs go. Leave one of them out`);
  }
  return entries.flatMap(([api_url, api_key]) => replicaOf({ api_url, api_key }));
}

function replicaOf(item: unknown): readonly LangsmithReplica[] {
  const { api_url: endpoint, api_key: apiKey, project_name: project, workspace_id: workspace, primary } = (item ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof endpoint !== 'string' || typeof apiKey !== 'string') return ignored('an item without api_url or api_key');
  if (project !== undefined && project !== null && typeof project !== 'string') return ignored('an item whose project_name is no text');
  if (primary !== undefined && typeof primary !== 'boolean') return ignored('an item whose primary is neither true nor false');
  const workspaceId = typeof workspace === 'string' ? workspace.trim() : '';
  return [{ endpoint, apiKey, ...(project && { project }), ...(workspaceId && { workspaceId }), ...(primary !== undefined && { primary }) }];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json || '[]');
  } catch {
    return undefined;
  }
}

/** Without saying what it is: there are keys in it. */
function ignored(what: string): readonly [] {
  platform.warn(`${VARIABLE}: ${what}, which is ignored`);
  return [];
}
