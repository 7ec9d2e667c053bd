import type { ErrorCode } from '../../core/errors/errorCode.js';
import { isRivuletError, RivuletError, type RivuletErrorOptions } from '../../core/errors/RivuletError.js';

/** What can go wrong with a model, in the same words for every provider. */
export type ModelErrorCode = Extract<ErrorCode, `MODEL_${string}`>;

export interface ModelErrorOptions extends RivuletErrorOptions {
  /** Whose model it was, as in the model's `id`: `openai`, `anthropic` … */
  readonly provider: string;
  /** The HTTP status, if there was an answer. */
  readonly status?: number | undefined;
  /** How long the provider asks to wait before the next attempt. */
  readonly retryAfterMs?: number | undefined;
  /** The provider's id of the request, for its support. */
  readonly requestId?: string | undefined;
  /** Default: by `code`. */
  readonly retryable?: boolean | undefined;
}

/**
 * A request to a model failed; `code` says how, `retryable` whether the same request may succeed later.
 *
 * @example
 * ```ts
 * import { isRivuletError, ModelError } from 'rivulet';
 *
 * const error = new ModelError('MODEL_RATE_LIMIT', 'too many requests. Wait 2 s', { provider: 'openai', status: 429, retryAfterMs: 2000 });
 * const waits = isRivuletError(error, 'MODEL_RATE_LIMIT') && error.retryable; // true
 * ```
 */
export class ModelError extends RivuletError {
  override readonly name = 'ModelError';
  declare readonly code: ModelErrorCode;
  readonly provider: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly retryable: boolean;

  constructor(code: ModelErrorCode, message: string, options: ModelErrorOptions) {
    super(code, message, options);
    this.provider = options.provider;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.requestId = options.requestId;
    this.retryable = options.retryable ?? TRANSIENT.includes(code);
  }
}

const TRANSIENT: readonly ModelErrorCode[] = ['MODEL_NETWORK', 'MODEL_OVERLOADED', 'MODEL_RATE_LIMIT', 'MODEL_TRUNCATED'];

/** Whether `error` is a model's, also when it comes from another copy of the library. */
export function isModelError(error: unknown): error is ModelError {
  return isRivuletError(error) && error.name === 'ModelError';
}
