/** Strings that a pattern, a path, a query, an index or an encoding stumbles over. No two are the same. */
export const HOSTILE_STRINGS: readonly string[] = [
  '', ' ', '*', '%', '_', '?', '../', '../../etc/passwd', '/', '\\', ':', '|', '"', '""', '"a"', "'", "'; DROP TABLE x; --", '`', '$1', '${x}', '{}', '[]', 'null', 'undefined',
  '0', '00', '-1', '1e3', 'true', '__proto__', 'constructor', 'toString', 'a', 'A', 'ä', 'a\u0308', 'ﬀ', '\u202e', '\ufeff', '😀', '\n', '\r\n', '\t', '\0', 'a\0', 'a\0b',
  '\ud800', '\udc00', '\ufffd', '"\\ud800"', '\u0000\ud800', 'x'.repeat(10_240), `${'x'.repeat(10_239)}y`, '😀'.repeat(2_560), 'é%'.repeat(3_000),
];
