import type { RunEvent } from '../../core/events/RunEvent.js';
import type { Tracer } from '../../core/trace/tracer.js';
import { OpenRuns } from '../runs/OpenRuns.js';
import type { EndType } from '../runs/runBounds.js';
import { redactedPieces } from './redactedPieces.js';
import type { Redactor } from './Redactor.js';
import type { SecretScanner } from './SecretScanner.js';

/** A text in pieces, and the event that would tell its end. */
interface Stream {
  readonly scanner: SecretScanner;
  ending: (rest: string) => RunEvent;
}

/** What tells runs, messages and calls apart isn't looked at. */
const IDS: ReadonlySet<string> = new Set(['type', 'kind', 'runId', 'seq', 'at', 'traceId', 'parentRunId', 'order', 'taskId', 'messageId', 'callId', 'checkpointId', 'parentId', 'interruptId']);

/** Hands on the events of runs without their secrets. */
export class RedactingTracer implements Tracer {
  /** By run, by what it streams. */
  private readonly streams = new OpenRuns<Map<string, Stream>>();
  /** The inputs that were told in part. */
  private readonly inputs = new OpenRuns<unknown>();

  constructor(
    private readonly tracer: Tracer,
    private readonly redactor: Redactor,
  ) {}

  get tokens(): Tracer['tokens'] {
    return this.tracer.tokens;
  }

  next(event: RunEvent): void {
    switch (event.type) {
      case 'token':
      case 'reasoning':
        return this.tracer.next({ ...event, text: this.streamed(event, `${event.type} ${event.messageId}`, event.text, (text) => ({ ...event, text })) });
      case 'tool_delta':
        return this.delta(event);
      case 'tool_end':
        this.endStreams(event.runId, callKey(event));
        return this.tracer.next(this.redacted(event));
      case 'superseded':
        this.endStreams(event.runId);
        return this.tracer.next(this.redacted(event));
      case 'span_start':
        return this.begin(event);
      case 'span_end':
      case 'run_end':
      case 'run_error':
      case 'node_end':
      case 'node_error':
        return this.end(event);
      default:
        return this.tracer.next(this.redacted(event));
    }
  }

  /** A span opens with the first piece of its input, and tells the whole at its end only if there were more. */
  private begin(event: RunEvent<'span_start'>): void {
    const { value: input, isCut } = this.redactor.firstPiece(event.input);
    if (isCut) this.inputs.set(event.runId, this.redactor.value(event.input));
    this.tracer.next({ ...this.redacted({ ...event, input: undefined }), input });
  }

  private end(event: RunEvent<EndType>): void {
    const { runId } = event;
    this.endStreams(runId);
    const input = this.inputs.get(runId);
    this.inputs.delete(runId);
    const safe = this.redacted(event);
    this.tracer.next(safe.type === 'span_end' && input !== undefined && safe.input === undefined ? { ...safe, input } : safe);
  }

  private delta(event: RunEvent<'tool_delta'>): void {
    const read = (path: string, text: string): string => {
      const ending = (rest: string): RunEvent => ({ ...event, delta: redactedPieces(event.delta, (at) => (at === path ? rest : ''), this.redactor) });
      return this.streamed(event, `${callKey(event)}${path}`, text, ending);
    };
    this.tracer.next({ ...event, delta: redactedPieces(event.delta, read, this.redactor) });
  }

  private streamed({ runId }: RunEvent, key: string, text: string, ending: (rest: string) => RunEvent): string {
    let ofRun = this.streams.get(runId);
    if (!ofRun) this.streams.set(runId, (ofRun = new Map()));
    const stream = ofRun.get(key) ?? { scanner: this.redactor.open(), ending };
    stream.ending = ending;
    ofRun.set(key, stream);
    return stream.scanner.push(text);
  }

  /** Tells what is held back of a run's texts whose keys begin so. */
  private endStreams(runId: string, prefix = ''): void {
    const ofRun = this.streams.get(runId);
    if (!ofRun) return;
    for (const [key, { scanner, ending }] of ofRun) {
      if (!key.startsWith(prefix)) continue;
      ofRun.delete(key);
      const rest = scanner.end();
      if (rest !== '') this.tracer.next(ending(rest));
    }
    if (ofRun.size === 0) this.streams.delete(runId);
  }

  private redacted<E extends RunEvent>(event: E): E {
    const safe = { ...event };
    for (const key of Object.keys(event) as (keyof E & string)[]) {
      if (!IDS.has(key)) safe[key] = this.redactor.value(event[key]) as E[typeof key];
    }
    return safe;
  }
}

function callKey({ callId }: RunEvent<'tool_delta' | 'tool_end'>): string {
  return `call ${callId} `;
}
