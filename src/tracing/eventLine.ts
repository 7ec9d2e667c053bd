import { printable } from '../core/text/printable.js';
import type { RunEvent } from '../core/events/RunEvent.js';

/** An event in a line: when it happened, in which run (the end of its id), where in a graph, and what. */
export function eventLine(event: RunEvent, afterMs: number): string {
  const parts = [`${String(afterMs).padStart(6)} ms`, event.runId.slice(-4), event.path.join('/'), event.type, ...what(event)];
  return printable(parts.filter((part) => part !== '').join(' ')).replaceAll('\n', ' ');
}

const HEAD: ReadonlySet<string> = new Set(['type', 'runId', 'seq', 'at', 'path', 'traceId', 'parentRunId', 'order', 'taskId', 'messageId', 'callId', 'attempt', 'tags', 'metadata', 'step']);

function what(event: RunEvent): readonly string[] {
  switch (event.type) {
    case 'run_start':
    case 'span_start':
      return [event.kind, event.name, shown(event.input)];
    case 'run_end':
    case 'span_end':
      return [event.status, shown('error' in event ? event.error : event.output)];
    case 'token':
    case 'reasoning':
      return [shown(event.text)];
    default:
      return Object.entries(event).flatMap(([key, value]) => (HEAD.has(key) || value === undefined ? [] : [`${key}=${shown(value)}`]));
  }
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return `[${typeof value}]`; // it refers to itself, or holds a bigint
  }
}
