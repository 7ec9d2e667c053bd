import { printable } from '../../core/text/printable.js';
import { wireJson } from '../exporters/wireJson.js';

/** An error in one line, its code or name first. Also one that was read from a file. */
export function errorText(error: unknown): string {
  return oneLine(wordsOf(error));
}

/** On one line, and without control characters. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

function wordsOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { name, code, message } = error as { readonly [Key in 'name' | 'code' | 'message']?: unknown };
  if (typeof message !== 'string') return wireJson(error);
  const saysWhat = typeof name !== 'string' || message.startsWith(`${String(code)}:`); // ours do, and those of Node
  return saysWhat ? message : `${name}: ${message}`;
}
