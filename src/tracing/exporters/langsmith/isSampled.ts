import { isUuid } from '../../distributed/isUuid.js';

const MASK = (1n << 64n) - 1n;
const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_4 = 0x85ebca77c2b2ae63n;
/** The first 64 bytes of the algorithm's secret, as little-endian words. */
const SECRET = [
  0xbe4ba423396cfeb8n, 0x1cad21f72c81017cn, 0xdb979083e96dd4den, 0x1f67b3b7a4a44072n,
  0x78e5c0cc4ee679cbn, 0x2172ffcc7dd05a82n, 0x8e2443f7744608b8n, 0x4c263a81e69035e0n,
] as const;
const MODULUS = 1_000_000n;

/**
 * Whether a trace is among the share that is sent: by its id alone, so that all processes and LangSmith's own clients agree. Ids that
 * aren't UUIDs, which LangSmith doesn't take, all are.
 */
export function isSampled(traceId: string, rate: number): boolean {
  if (rate >= 1) return true;
  if (rate <= 0) return false;
  return !isUuid(traceId) || Number(hashOfUuid(traceId) % MODULUS) / Number(MODULUS) < rate;
}

/** XXH3, 128 bits, seed 0, of 36 bytes: the case of 33 to 64. Source: github.com/Cyan4973/xxHash, doc/xxhash_spec.md. */
function hashOfUuid(uuid: string): bigint {
  const view = new DataView(new TextEncoder().encode(uuid).buffer);
  const length = BigInt(view.byteLength);
  const at = (offset: number): bigint => view.getBigUint64(offset, true);
  const mixed = (offset: number, secret: number): bigint => folded(at(offset) ^ (SECRET[secret] as bigint), at(offset + 8) ^ (SECRET[secret + 1] as bigint));
  let low = (length * PRIME_1) & MASK;
  let high = 0n;
  for (const [head, tail, secret] of [[16, view.byteLength - 32, 4], [0, view.byteLength - 16, 0]] as const) {
    low = ((low + mixed(head, secret)) & MASK) ^ ((at(tail) + at(tail + 8)) & MASK);
    high = ((high + mixed(tail, secret + 2)) & MASK) ^ ((at(head) + at(head + 8)) & MASK);
  }
  const last = (low * PRIME_1 + high * PRIME_4 + length * PRIME_2) & MASK;
  return ((MASK + 1n - avalanche(last)) & MASK) << 64n | avalanche((low + high) & MASK);
}

function folded(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product & MASK) ^ (product >> 64n);
}

function avalanche(hash: bigint): bigint {
  const turned = ((hash ^ (hash >> 37n)) * 0x165667919e3779f9n) & MASK;
  return turned ^ (turned >> 32n);
}
