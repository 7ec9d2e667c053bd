import { Controller, DefaultValuePipe, Inject, Query, Sse, type MessageEvent } from '@nestjs/common';
import { isRivuletError, type RunEvent, type ToolLoop } from 'rivulet';
import { catchError, EMPTY, map, type Observable } from 'rxjs';
import { ASSISTANT } from './assistant.js';
import { RunLog } from './runLog.js';

@Controller('assistant')
export class AssistantController {
  constructor(
    @Inject(ASSISTANT) private readonly assistant: ToolLoop,
    @Inject(RunLog) private readonly log: RunLog,
  ) {}

  /** One run, event by event. Nest unsubscribes when the client leaves, and that is all it takes to cancel the run. */
  @Sse('events')
  events(@Query('question', new DefaultValuePipe('How much is 6 * 7?')) question: string): Observable<MessageEvent> {
    return this.assistant.events(question, { tracer: this.log }).pipe(
      map(toMessageEvent),
      catchError(() => EMPTY), // the client has been told: run_error is an event too
    );
  }
}

/** An event on the wire: its type, its number, and itself as JSON. */
function toMessageEvent(event: RunEvent): MessageEvent {
  return { type: event.type, id: String(event.seq), data: JSON.stringify(event, withErrors) };
}

/** JSON knows nothing of errors; a client learns what happened, and neither stack nor cause. */
const withErrors = (_key: string, value: unknown): unknown =>
  value instanceof Error ? { message: value.message, ...(isRivuletError(value) && { code: value.code }) } : value;
