import type { EventSink } from '../src/core/events/EventHub.js';
import type { RunEvent } from '../src/core/events/RunEvent.js';

/** A sink that keeps what it is told. */
export function recorder(): EventSink & { readonly events: RunEvent[]; readonly story: readonly string[] } {
  const events: RunEvent[] = [];
  return {
    events,
    next: (event) => void events.push(event),
    get story() {
      return events.map(line);
    },
  };
}

/** An event in a line: `seq @at path type what`. */
export function line(event: RunEvent): string {
  return [event.seq, `@${event.at}`, ...(event.path.length > 0 ? [event.path.join('/')] : []), event.type, ...what(event)].join(' ');
}

function what(event: RunEvent): readonly unknown[] {
  switch (event.type) {
    case 'run_start':
    case 'span_start':
      return [event.name, JSON.stringify(event.input)];
    case 'span_end':
    case 'run_end':
      return [event.status, ...('output' in event ? [JSON.stringify(event.output)] : [])];
    case 'run_error':
    case 'late_error':
      return [event.error instanceof Error ? event.error.message : event.error];
    case 'custom':
      return [JSON.stringify(event.value)];
    case 'token':
      return [event.text];
    case 'snapshot':
      return [event.status, JSON.stringify(event.state)];
    default:
      return [];
  }
}
