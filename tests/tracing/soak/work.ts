import { lambda, type Flow } from 'rivulet';
import { span } from 'rivulet/tracing';

export const RUNS = 10_000;
/** With so much to say a queue without bounds would hold 200 MB. */
export const TEXT_BYTES = 20_000;

export interface Work {
  readonly n: number;
  readonly text: string;
}

/** Every hundredth fails. */
export const work: Flow<Work, number> = span('work', 'tool', lambda(({ n }: Work) => (n % 100 === 0 ? failed(n) : n + 1)));

function failed(n: number): never {
  throw new Error(`run ${n} failed`);
}

/** A text that no other run shares, of one byte a character or of two. */
export const workOf = (n: number, bytes = TEXT_BYTES, encoding: 'latin1' | 'utf16le' = 'latin1'): Work => ({ n, text: Buffer.alloc(bytes, `${n} `).toString(encoding) });
