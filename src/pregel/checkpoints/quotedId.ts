/** An id as it stands in an error message: quoted, and cut, as it may be anything. */
export function quotedId(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}
