/** How much of a value a message shows. */
const LENGTH = 80;

/** A value for an error's message: short, whatever it is. */
export function shown(value: unknown): string {
  const text = typeof value === 'object' ? jsonOf(value) : typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;
}

function jsonOf(value: object | null): string {
  try {
    return JSON.stringify(value) ?? 'an object';
  } catch {
    return 'an object that is not JSON';
  }
}
