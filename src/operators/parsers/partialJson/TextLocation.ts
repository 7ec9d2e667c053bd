/** A place in a text that came in pieces. */
export interface TextLocation {
  /** UTF-16 units from the start, from 0. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** The text around it, as far as it is there. */
  readonly excerpt: string;
}
