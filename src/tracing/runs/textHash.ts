/**
 * 32 bits of a text, spread evenly also over texts that are alike.
 * Source: FNV-1a, and the last mixing step of MurmurHash3.
 *
 * @param seed another one makes another number of the same text
 */
export function textHash(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
