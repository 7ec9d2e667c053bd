import { isUuid } from '../../distributed/isUuid.js';
import { xxh3 } from './xxh3.js';

const MODULUS = 1_000_000n;

/**
 * Whether a trace is among the share that is sent: by its id alone, so that all processes and LangSmith's own clients agree. Ids that
 * aren't UUIDs, which LangSmith doesn't take, all are.
 */
export function isSampled(traceId: string, rate: number): boolean {
  if (rate >= 1) return true;
  if (rate <= 0) return false;
  return !isUuid(traceId) || Number(xxh3(traceId) % MODULUS) / Number(MODULUS) < rate;
}
