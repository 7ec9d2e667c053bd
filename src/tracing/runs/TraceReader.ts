import { RivuletError } from '../../core/errors/RivuletError.js';
import { TRACE_FORMAT, type StoredRun } from './StoredRun.js';
import type { TracedRun, TracedStatus } from './TracedRun.js';

/** Puts the lines of a trace file together to runs. */
export class TraceReader {
  private readonly byId = new Map<string, TracedRun>();
  /** Lines that are no runs: what was being written when the writer died, for instance. */
  damaged = 0;

  /** @throws RivuletError `STORED_NEWER` for a line that a later version wrote */
  add(line: string): void {
    if (line.trim() === '') return;
    const run = runOf(line);
    if (run) this.byId.set(run.id, run);
    else this.damaged++;
  }

  /** In the order in which they began. */
  get runs(): readonly TracedRun[] {
    return [...this.byId.values()].sort((a, b) => a.startTime - b.startTime || a.executionOrder - b.executionOrder);
  }
}

function runOf(line: string): TracedRun | undefined {
  const stored = parsed(line);
  if (typeof stored !== 'object' || stored === null) return undefined;
  const { format, ...run } = stored as Partial<StoredRun>;
  if (typeof format === 'number' && format > TRACE_FORMAT) {
    throw new RivuletError('STORED_NEWER', `a trace file has format ${format}, and this version reads up to ${TRACE_FORMAT}. Upgrade to the version that wrote it`);
  }
  return format === TRACE_FORMAT && isRun(run) ? { ...ABSENT, ...run } : undefined;
}

/** What JSON leaves out. */
const ABSENT = { parentId: undefined, project: undefined, remote: undefined, thread: undefined, endTime: undefined, firstTokenTime: undefined, inputs: undefined, outputs: undefined, error: undefined, usage: undefined };

const TEXTS = ['id', 'traceId', 'name', 'kind', 'status', 'dottedOrder'] as const;
const NUMBERS = ['startTime', 'attempt', 'executionOrder'] as const;
const STATUSES: ReadonlySet<unknown> = new Set<TracedStatus>(['running', 'ok', 'error', 'cancelled', 'drained', 'interrupted']);
const TIMES = ['endTime', 'firstTokenTime'] as const;
const LISTS = ['tags', 'events'] as const;
const OBJECTS = ['metadata', 'extra'] as const;

function isRun(run: Partial<TracedRun>): run is TracedRun {
  return (
    TEXTS.every((key) => typeof run[key] === 'string') &&
    NUMBERS.every((key) => typeof run[key] === 'number') &&
    STATUSES.has(run.status) &&
    TIMES.every((key) => run[key] === undefined || typeof run[key] === 'number') &&
    LISTS.every((key) => Array.isArray(run[key])) &&
    OBJECTS.every((key) => typeof run[key] === 'object' && run[key] !== null)
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
