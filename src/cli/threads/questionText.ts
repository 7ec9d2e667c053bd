import type { OpenInterrupt } from '../../pregel/engine/TaskWork.js';
import { printable } from '../../core/text/printable.js';

/** What a thread waits for, as a person reads it. */
export function questionText({ id, node, payload, schema, expiresAt, pause }: OpenInterrupt): string {
  if (pause) return printable(`Paused ${places(payload as Places)}.\n`);
  const lines = [
    `${node || 'The graph'} asks: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}`,
    `  id: ${id}`,
    ...(schema ? [`  answer: ${JSON.stringify(schema)}`] : []),
    ...(expiresAt === undefined ? [] : [`  until: ${new Date(expiresAt).toISOString()}`]),
  ];
  return printable(`${lines.join('\n')}\n`);
}

type Places = Readonly<Record<string, readonly string[]>>;

const places = (payload: Places): string => Object.entries(payload).map(([when, nodes]) => `${when} ${nodes.join(', ')}`).join(', ');
