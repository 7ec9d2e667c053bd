// Strings that PostgreSQL can't hold: NUL, and halves of surrogate pairs. Both ways keep the order of code points.
const UNSTORABLE = /[\0\x01\ue000\ud800-\udfff]/gu;
const STORED = /\x01([\x01\x02])|\ue000(.)/gsu;
const TOP = '\u{10ffff}';
const SURROGATES = 0xd800;

/** A string as PostgreSQL holds it: usual ones as they are, and no two the same. */
export function storedString(text: string): string {
  return text.replace(UNSTORABLE, (char) => {
    if (char === '\0') return '\x01\x01';
    if (char === '\x01') return '\x01\x02';
    return char === '\ue000' ? `\ue000${TOP}` : `\ue000${String.fromCharCode(char.charCodeAt(0) - SURROGATES + 1)}`;
  });
}

/** The string that was stored as this one. */
export function stringOfStored(stored: string): string {
  return stored.replace(STORED, (_, low: string | undefined, high: string | undefined) => {
    if (low !== undefined) return low === '\x01' ? '\0' : '\x01';
    return high === TOP || high === undefined ? '\ue000' : String.fromCharCode(high.charCodeAt(0) + SURROGATES - 1);
  });
}

/** JSON data as text for a `jsonb`. */
export function storedJson(value: unknown): string {
  const text = JSON.stringify(value);
  return /\\u000[01]|\\ud[89a-f]|\ue000/.test(text) ? JSON.stringify(mapped(value, storedString)) : text;
}

/** The data that was stored as this text. */
export function jsonOfStored(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return /\\u0001|\ue000/.test(text) ? mapped(value, stringOfStored) : value;
}

/** JSON data with its strings changed, keys too. */
function mapped(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => mapped(element, map));
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [map(key), mapped(field, map)]));
}
