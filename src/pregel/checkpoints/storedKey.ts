// What databases or their drivers cut short or can't hold: NUL, halves of surrogate pairs, a byte order mark in front.
const UNSTORABLE = /[\0\ud800-\udfff]|^\ufeff/u;

/**
 * An id as a database holds it. Every id has one and no two share one; usual ids are stored as they are, the others as
 * JSON, which escapes what doesn't fit.
 */
export function storedKey(id: string): string {
  return id.startsWith('"') || UNSTORABLE.test(id) ? JSON.stringify(id) : id;
}

/** The id that `storedKey` made `stored` of. */
export function idOfKey(stored: string): string {
  return stored.startsWith('"') ? String(JSON.parse(stored)) : stored;
}
