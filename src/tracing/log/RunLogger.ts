import type { PatchOperation, RunEvent } from '../../core/events/RunEvent.js';
import type { RunStatus } from '../../core/events/runStatus.js';
import { pointerPart } from '../../core/json/jsonPointer.js';
import { runTracer } from '../runs/runTracer.js';
import { storedFields } from '../runs/storedFields.js';
import type { RunMoment, TracedRun, TracedStatus } from '../runs/TracedRun.js';
import { jsonValue } from './jsonValue.js';

const ENDING = ['status', 'endTime', 'firstTokenTime', 'outputs', 'error', 'usage'] as const satisfies readonly (keyof TracedRun)[];

const STATUSES: Readonly<Record<RunStatus, TracedStatus>> = { running: 'running', waiting_for_input: 'interrupted', done: 'ok', drained: 'drained', failed: 'error', cancelled: 'cancelled' };

/** Says of each event what it changes in the log of its run. It knows the runs and calls that are open, and no others. */
export class RunLogger {
  private readonly tracer = runTracer({
    start: (run) => this.begin(run),
    event: (event, run, moment) => this.happened(event, run, moment),
    end: (run) => this.end(run),
  });
  private patch: PatchOperation[] = [];
  private root: string | undefined;
  /** Where the calls are that haven't ended. */
  private readonly calls = new Set<string>();
  /** The newest update that is in a state that came as a whole. */
  private known = { runId: '', seq: -1 };

  patchOf(event: RunEvent): readonly PatchOperation[] {
    this.patch = [];
    if (event.type === 'snapshot') this.snapshot(event);
    else this.tell(event);
    return this.patch;
  }

  private tell(event: RunEvent): void {
    this.tracer.next(event);
    if (event.type === 'run_start') this.goOn(event.runId);
    else if (event.type === 'span_end' && event.input !== undefined && this.patch.length > 0) this.put(`${pointerTo(event.runId)}/inputs`, event.input); // it came in chunks
    else if (event.type === 'late_error' && this.patch.length === 0 && this.root !== undefined) this.tracer.next({ ...event, runId: this.root }); // its run has ended
  }

  /** What stands for the events before those that come now: the run as it is known by its beginning and its result so far. */
  private snapshot({ start, status, state, stateSeq }: RunEvent<'snapshot'>): void {
    if (!start) return;
    this.tell(start);
    const run = pointerTo(start.runId);
    this.put(`${run}/status`, STATUSES[status]);
    if (state === undefined) return;
    this.put(`${run}/${start.kind === 'graph' ? 'state' : 'outputs'}`, state);
    this.known = { runId: start.runId, seq: stateSeq };
  }

  private begin(run: TracedRun): void {
    const at = pointerTo(run.id);
    this.forgetCalls(at);
    if (this.known.runId === run.id) this.known.seq = -1; // its state is told from the beginning, after all
    const logged = { ...(JSON.parse(`{${storedFields(run)}}`) as TracedRun), streamed: [], reasoned: [], toolCalls: {} };
    if (this.root !== undefined) return this.add(at, logged);
    this.root = run.id;
    this.add('', { root: run.id, runs: { [run.id]: logged } });
  }

  /** A run that waited does so as another one. */
  private goOn(runId: string): void {
    if (this.root === runId) return;
    this.root = runId;
    this.add('/root', runId);
  }

  private happened(event: RunEvent, run: TracedRun, moment: RunMoment | undefined): void {
    const at = pointerTo(event.runId);
    if (moment) this.put(`${at}/events/-`, moment);
    switch (event.type) {
      case 'token':
        return this.add(`${at}/streamed/-`, event.text);
      case 'reasoning':
        return this.add(`${at}/reasoned/-`, event.text);
      case 'superseded':
        this.add(`${at}/streamed`, []);
        return this.add(`${at}/reasoned`, []);
      case 'state_update':
        return this.state(event, `${at}/state`);
      case 'tool_start':
      case 'tool_delta':
      case 'tool_end':
        return this.call(event, `${at}/toolCalls/${pointerPart(event.callId)}`);
    }
  }

  private state({ runId, seq, patch }: RunEvent<'state_update'>, at: string): void {
    if (runId === this.known.runId && seq <= this.known.seq) return;
    for (const { op, path, value } of patch) this.patch.push(op === 'remove' ? { op, path: `${at}${path}` } : { op, path: `${at}${path}`, value: jsonValue(value) });
  }

  private call(event: RunEvent<'tool_start' | 'tool_delta' | 'tool_end'>, at: string): void {
    if (event.type === 'tool_start') {
      this.calls.add(at);
      this.add(at, { name: event.name, status: 'running', input: jsonValue(event.input), deltas: [] });
    } else if (!this.calls.has(at)) {
      return; // it began before this log
    } else if (event.type === 'tool_delta') {
      this.put(`${at}/deltas/-`, event.delta);
    } else {
      this.calls.delete(at);
      this.put(`${at}/status`, event.error === undefined ? 'ok' : 'error');
      if (event.output !== undefined) this.put(`${at}/output`, event.output);
      if (event.error !== undefined) this.put(`${at}/error`, event.error);
    }
  }

  private end(run: TracedRun): void {
    const at = pointerTo(run.id);
    this.forgetCalls(at);
    const fields = JSON.parse(`{${storedFields(run, ENDING)}}`) as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(fields)) this.add(`${at}/${name}`, fields[name]);
  }

  /** Of a run that has ended, or begins anew. */
  private forgetCalls(at: string): void {
    for (const call of this.calls) if (call.startsWith(`${at}/`)) this.calls.delete(call);
  }

  private put(path: string, value: unknown): void {
    this.add(path, jsonValue(value));
  }

  private add(path: string, value: unknown): void {
    this.patch.push({ op: 'add', path, value });
  }
}

/** Where in the log a run is. */
function pointerTo(runId: string): string {
  return `/runs/${pointerPart(runId)}`;
}
