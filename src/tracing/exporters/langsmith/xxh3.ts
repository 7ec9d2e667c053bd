const MASK = (1n << 64n) - 1n;
const PRIME_32 = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn] as const;
const PRIME_64 = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n, 0x85ebca77c2b2ae63n, 0x27d4eb2f165667c5n] as const;
/** The algorithm's default secret. */
const SECRET = viewOf(
  Uint8Array.from(
    ('b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
      '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364' +
      'eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e')
      .match(/../g) ?? [],
    (byte) => parseInt(byte, 16),
  ),
);
const STRIPE = 64;
const BLOCK = 16 * STRIPE;

/**
 * XXH3, 128 bits, without a seed: what LangSmith's clients derive decisions and ids from.
 * Source: github.com/Cyan4973/xxHash, doc/xxhash_spec.md.
 *
 * @param text of at least 17 bytes: what begins with a UUID is
 */
export function xxh3(text: string): bigint {
  const data = viewOf(new TextEncoder().encode(text));
  if (data.byteLength > 240) return ofLong(data);
  return data.byteLength > 128 ? ofMedium(data) : ofShort(data);
}

const at = (view: DataView, offset: number): bigint => view.getBigUint64(offset, true);

function viewOf({ buffer }: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(buffer);
}

type Pair = readonly [low: bigint, high: bigint];

function ofShort(data: DataView): bigint {
  const length = data.byteLength;
  let pair: Pair = [start(length), 0n];
  for (let round = (length - 1) >> 5; round >= 0; round--) pair = mixed(pair, data, 16 * round, length - 16 * (round + 1), 32 * round);
  return finished(pair, length);
}

function ofMedium(data: DataView): bigint {
  const length = data.byteLength;
  let pair: Pair = [start(length), 0n];
  for (let offset = 0; offset < 128; offset += 32) pair = mixed(pair, data, offset, offset + 16, offset);
  pair = [avalanche(pair[0]), avalanche(pair[1])];
  for (let offset = 128; offset + 32 <= length; offset += 32) pair = mixed(pair, data, offset, offset + 16, offset - 125);
  return finished(mixed(pair, data, length - 16, length - 32, 103), length);
}

const start = (length: number): bigint => (BigInt(length) * PRIME_64[0]) & MASK;

/** Two pieces of 16 bytes, and 32 of the secret, brought in. */
function mixed([low, high]: Pair, data: DataView, first: number, second: number, secret: number): Pair {
  const sum = (offset: number): bigint => (at(data, offset) + at(data, offset + 8)) & MASK;
  const product = (offset: number, key: number): bigint => folded(at(data, offset) ^ at(SECRET, key), at(data, offset + 8) ^ at(SECRET, key + 8));
  return [((low + product(first, secret)) & MASK) ^ sum(second), ((high + product(second, secret + 16)) & MASK) ^ sum(first)];
}

function finished([low, high]: Pair, length: number): bigint {
  const last = (low * PRIME_64[0] + high * PRIME_64[3] + BigInt(length) * PRIME_64[1]) & MASK;
  return (-avalanche(last) & MASK) << 64n | avalanche((low + high) & MASK);
}

function ofLong(data: DataView): bigint {
  const length = data.byteLength;
  const sums = [PRIME_32[2], PRIME_64[0], PRIME_64[1], PRIME_64[2], PRIME_64[3], PRIME_32[1], PRIME_64[4], PRIME_32[0]];
  const blocks = Math.floor((length - 1) / BLOCK);
  for (let stripe = 0; stripe < Math.floor((length - 1) / STRIPE); stripe++) {
    add(sums, data, stripe * STRIPE, 8 * (stripe % 16));
    if (stripe % 16 === 15 && stripe < blocks * 16) scramble(sums);
  }
  add(sums, data, length - STRIPE, 121);
  const low = merged(sums, 11, start(length));
  return merged(sums, 117, ~(BigInt(length) * PRIME_64[1]) & MASK) << 64n | low;
}

/** A stripe of the data. */
function add(sums: bigint[], data: DataView, offset: number, secret: number): void {
  for (let lane = 0; lane < 8; lane++) {
    const value = at(data, offset + 8 * lane);
    const keyed = value ^ at(SECRET, secret + 8 * lane);
    sums[lane ^ 1] = ((sums[lane ^ 1] as bigint) + value) & MASK;
    sums[lane] = ((sums[lane] as bigint) + (keyed & 0xffffffffn) * (keyed >> 32n)) & MASK;
  }
}

function scramble(sums: bigint[]): void {
  for (let lane = 0; lane < 8; lane++) {
    const sum = sums[lane] as bigint;
    sums[lane] = ((sum ^ (sum >> 47n) ^ at(SECRET, 128 + 8 * lane)) * PRIME_32[0]) & MASK;
  }
}

function merged(sums: readonly bigint[], secret: number, from: bigint): bigint {
  let result = from;
  for (let lane = 0; lane < 8; lane += 2) result += folded((sums[lane] as bigint) ^ at(SECRET, secret + 8 * lane), (sums[lane + 1] as bigint) ^ at(SECRET, secret + 8 * lane + 8));
  return avalanche(result & MASK);
}

function folded(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product & MASK) ^ (product >> 64n);
}

function avalanche(hash: bigint): bigint {
  const turned = ((hash ^ (hash >> 37n)) * 0x165667919e3779f9n) & MASK;
  return turned ^ (turned >> 32n);
}
