import { RivuletError } from '../../core/errors/RivuletError.js';
import type { ErrorCode } from '../../core/errors/errorCode.js';
import type { MessageChunk } from '../../operators/messages/Message.js';
import type { ModelCapabilities } from '../../operators/models/ChatModel.js';
import type { CanonicalRequest } from './canonicalRequest.js';

/** An error on a cassette. */
export interface RecordedError {
  readonly name: string;
  readonly message: string;
  readonly code?: ErrorCode;
  readonly provider?: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly retryable?: boolean;
}

/** How a recorded answer ended, in milliseconds after the question; `left`: whoever had asked left. */
export type RecordedEnd = { readonly kind: 'complete' | 'left'; readonly atMs: number } | { readonly kind: 'error'; readonly atMs: number; readonly error: RecordedError };

/** One question, and its answer with the time of each chunk. */
export interface Recording {
  readonly request: CanonicalRequest;
  readonly chunks: readonly (readonly [atMs: number, chunk: Omit<MessageChunk, symbol>])[];
  readonly end: RecordedEnd;
}

/** A model's recorded answers, as a document of JSON. */
export interface Cassette {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly model: { readonly id: string; readonly capabilities: ModelCapabilities };
  readonly recordings: readonly Recording[];
}

const FORMAT = 'rivulet-cassette';
const VERSION = 1;

/** A cassette of these recordings. */
export function cassette(model: Cassette['model'], recordings: readonly Recording[]): Cassette {
  return { format: FORMAT, version: VERSION, model, recordings };
}

/**
 * Reads a cassette.
 *
 * @param where what an error calls it
 * @throws RivuletError `CASSETTE_INVALID`
 */
export function parseCassette(text: string, where: string): Cassette {
  const document = parsed(text, where);
  if (document?.format !== FORMAT || typeof document.version !== 'number') throw invalid(`${where} is not a cassette. Record one with record(model, file)`);
  if (document.version > VERSION) throw invalid(`${where} has the version ${document.version}, newer than the ${VERSION} that is known here. Update rivulet, or record it anew`);
  if (typeof document.model?.id !== 'string' || !Array.isArray(document.recordings) || !document.recordings.every(isRecording)) throw invalid(`${where} is damaged. Record it anew with record(model, file)`);
  return document as Cassette;
}

type Unchecked = { readonly format?: unknown; readonly version?: unknown; readonly model?: Partial<Cassette['model']>; readonly recordings?: unknown } | null;

function parsed(text: string, where: string): Unchecked {
  try {
    return JSON.parse(text) as Unchecked;
  } catch (cause) {
    throw invalid(`${where} is not JSON. Record it anew with record(model, file)`, cause);
  }
}

function isRecording(value: Partial<Recording> | null): boolean {
  return typeof value?.request === 'object' && Array.isArray(value.chunks) && typeof value.end?.atMs === 'number';
}

function invalid(message: string, cause?: unknown): RivuletError {
  return new RivuletError('CASSETTE_INVALID', message, { cause });
}
