/**
 * A copy of a JSON value whose strings are well-formed Unicode: a lone half of a surrogate pair, as is left when a text is cut
 * inside an emoji, becomes U+FFFD. Providers refuse a whole request for one of them.
 */
export function wellFormed<T>(value: T): T {
  return mended(value) as T;
}

// With the u flag a pair is one character, so that only halves match.
const LONE_SURROGATES = /\p{Surrogate}/gu;

function mended(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(LONE_SURROGATES, '\uFFFD');
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [mended(key), mended(field)]));
}
