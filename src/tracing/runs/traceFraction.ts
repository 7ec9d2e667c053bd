import { textHash } from './textHash.js';

/** A number in [0, 1) that follows from a trace's id, and is spread evenly also over ids that are alike. */
export const traceFraction = (traceId: string): number => textHash(traceId) / 0x1_0000_0000;
