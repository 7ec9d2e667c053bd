import { retryAfter } from '../../core/bridge/retryAfter.js';

/** A server's refusal. `status` and `retryAfterMs` say whether and when to try again. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  /** @param defaultRetryMs how long to wait after a 429 that doesn't say */
  constructor(response: Response, now: number, defaultRetryMs?: number) {
    super(`${response.url.split('?')[0] ?? ''} answered ${response.status} ${response.statusText}`.trim());
    this.status = response.status;
    this.retryAfterMs = retryAfter(response.headers, now) ?? (response.status === 429 ? defaultRetryMs : undefined);
  }
}
