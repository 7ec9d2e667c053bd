/** A kind of secret, and how to know one. */
export interface SecretRule {
  /** What stands in its place: `[redacted:name]`. */
  readonly name: string;
  /**
   * How it is written. The notation is that of a RegExp: literals, classes, groups, `|`, greedy quantifiers, `\b` at either end, the flag
   * `i`; but no RegExp is run, so the time is linear in the text whatever the pattern. A quantifier without an upper bound may stand only
   * where the text before it is a secret already.
   */
  readonly pattern: RegExp | readonly RegExp[];
  /** Whether what is written so is one: a checksum, for instance. */
  readonly check?: (secret: string) => boolean;
}
