import type { Anthropic } from '@anthropic-ai/sdk';

type RequestOptions = NonNullable<Parameters<Anthropic['messages']['create']>[1]>;

/** As long as a timer can run. Timeouts are the program's, on its scheduler, as are retries. */
const NEVER_MS = 2 ** 31 - 1;

/** How every request is made, also by a client that was given. */
export function requestOptions(signal?: AbortSignal, headers?: Readonly<Record<string, string>>): RequestOptions {
  return { maxRetries: 0, timeout: NEVER_MS, ...(signal && { signal }), ...(headers && { headers: { ...headers } }) };
}
