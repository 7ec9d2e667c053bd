import type { Redactor } from './Redactor.js';

/** What a chunk calls a piece of text that the next one goes on with. */
const PIECES: ReadonlySet<string> = new Set(['text', 'reasoning', 'args', 'content', 'delta']);
const MAX_DEPTH = 8;

/**
 * A chunk without its secrets: of its pieces of text what `piece` makes of them, and the rest as a value that is whole.
 *
 * @param piece gets where in the chunk it is, which is the same in the next chunk
 */
export function redactedPieces(chunk: unknown, piece: (path: string, text: string) => string, redactor: Redactor): unknown {
  const visit = (value: unknown, path: readonly string[]): unknown => {
    if (typeof value === 'string' && (path.length === 0 || PIECES.has(path.at(-1) as string))) return piece(path.join('/'), value);
    if (path.length >= MAX_DEPTH || !isOpen(value)) return redactor.value(value);
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, String(index)]));
    return Object.fromEntries(Object.entries(value).flatMap((entry) => (redactor.isSecretKey(entry[0]) ? whole(entry) : [[redactor.text(entry[0]), visit(entry[1], [...path, entry[0]])]])));
  };
  const whole = ([key, item]: readonly [string, unknown]): [string, unknown][] => Object.entries(redactor.value({ [key]: item }) as Readonly<Record<string, unknown>>);
  return visit(chunk, []);
}

/** Whether it is a list or a record, as chunks are made of. */
function isOpen(value: unknown): value is object {
  return Array.isArray(value) || (Object.prototype.toString.call(value) === '[object Object]' && !('toJSON' in (value as object)));
}
