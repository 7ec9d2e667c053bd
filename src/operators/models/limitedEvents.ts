import { ModelError } from './ModelError.js';

/** More than any event of a model, an inline image included; a server that sends more is not talking to us. */
const MAX_EVENT_BYTES = 16 * 2 ** 20;

/** Passes a server's event stream through, and errors with `MODEL_PROTOCOL` when one event doesn't end within 16 MB. */
export function limitedEvents(provider: string): TransformStream<Uint8Array, Uint8Array> {
  let pendingBytes = 0;
  return new TransformStream({
    transform(bytes, controller) {
      const end = lastEventEnd(bytes);
      pendingBytes = end < 0 ? pendingBytes + bytes.length : bytes.length - end;
      if (pendingBytes > MAX_EVENT_BYTES) throw tooLong(provider);
      controller.enqueue(bytes);
    },
  });
}

const NEWLINE = 10;
const RETURN = 13;

/** Where the last blank line ends in `bytes`, or -1. One that is split between pieces is missed, and the next one is not. */
function lastEventEnd(bytes: Uint8Array): number {
  for (let at = bytes.lastIndexOf(NEWLINE); at > 0; at = bytes.lastIndexOf(NEWLINE, at - 1)) {
    if (bytes[at - 1] === NEWLINE || (bytes[at - 1] === RETURN && bytes[at - 2] === NEWLINE)) return at + 1;
  }
  return -1;
}

function tooLong(provider: string): ModelError {
  return new ModelError('MODEL_PROTOCOL', `${provider} sent an event longer than ${MAX_EVENT_BYTES / 2 ** 20} MB. Check that baseURL leads to a server of its protocol`, { provider });
}
