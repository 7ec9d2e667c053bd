import { retryAfter } from '../../core/bridge/retryAfter.js';
import { ModelError, type ModelErrorCode } from './ModelError.js';

/** What is known of a provider's refusal, or of a failure on the way to it. */
export interface ModelFailure {
  readonly provider: string;
  /** The HTTP status. Without one there was no answer (`network`), or the failure came in the middle of one. */
  readonly status?: number | undefined;
  readonly headers?: { get(name: string): string | null } | undefined;
  /** The provider's own words. */
  readonly message: string;
  /** The provider's own names for the failure: its `code`, its `type`. */
  readonly names?: readonly (string | null | undefined)[];
  /** No answer came: the connection failed. */
  readonly network?: boolean;
  readonly cause?: unknown;
  /** The context's time, for a `retry-after` date of a server that sends no `date`. */
  readonly now?: number;
}

/**
 * The typed error for a provider's refusal: by the provider's name for it where that is known, else by its HTTP status,
 * else by what its message says. An unknown failure in the middle of an answer counts as the server's.
 */
export function modelErrorFrom(failure: ModelFailure): ModelError {
  const { provider, status, headers, message, cause } = failure;
  const names = (failure.names ?? []).filter((name) => typeof name === 'string').join(' ');
  const code = codeOf(failure, names);
  const retryAfterMs = headers && retryAfter(headers, failure.now);
  const seen = status === undefined ? '' : ` (HTTP ${status})`;
  return new ModelError(code, `${provider} ${SAYS[code]}${seen}: ${ended(message)} ${TO_DO[code](retryAfterMs)}`, {
    provider,
    status,
    retryAfterMs,
    requestId: headers?.get('x-request-id') ?? headers?.get('request-id') ?? undefined,
    retryable: retryable(code, status, names),
    cause,
  });
}

const ended = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

function codeOf({ status, network, message }: ModelFailure, names: string): ModelErrorCode {
  if (network) return 'MODEL_NETWORK';
  for (const [pattern, code] of BY_NAME) if (pattern.test(names)) return code;
  if (status === undefined) return TOO_LONG.test(message) ? 'MODEL_CONTEXT_LENGTH' : 'MODEL_OVERLOADED';
  if (status === 401 || status === 403) return 'MODEL_AUTH';
  if (status === 429) return 'MODEL_RATE_LIMIT';
  if (status === 408 || status >= 500) return 'MODEL_OVERLOADED';
  return status === 413 || TOO_LONG.test(message) ? 'MODEL_CONTEXT_LENGTH' : 'MODEL_REQUEST';
}

const BY_NAME: readonly (readonly [RegExp, ModelErrorCode])[] = [
  [/context_length_exceeded|string_above_max_length|request_too_large/, 'MODEL_CONTEXT_LENGTH'],
  [/content_filter|content_policy|ResponsibleAIPolicyViolation/, 'MODEL_CONTENT_FILTER'],
  [/rate_limit|insufficient_quota/, 'MODEL_RATE_LIMIT'],
  [/invalid_api_key|authentication_error|permission_error/, 'MODEL_AUTH'],
  [/overloaded|server_error|api_error|timeout_error/, 'MODEL_OVERLOADED'],
];

const TOO_LONG = /context (length|window|size)|maximum context|prompt is too long|too many (input )?tokens|exceed\w* the (model's )?(available )?context/i;

const SAYS: Readonly<Record<ModelErrorCode, string>> = {
  MODEL_AUTH: 'did not accept the credentials',
  MODEL_CONTENT_FILTER: 'refused the content',
  MODEL_CONTEXT_LENGTH: 'found the conversation too long',
  MODEL_NETWORK: 'could not be reached',
  MODEL_OVERLOADED: 'failed on its side',
  MODEL_PROTOCOL: 'answered with what is not its protocol',
  MODEL_RATE_LIMIT: 'limits the rate of requests',
  MODEL_REQUEST: 'refused the request',
  MODEL_TRUNCATED: 'broke off its answer',
};

const again = (): string => 'Try again, as withRetry does';

const TO_DO: Readonly<Record<ModelErrorCode, (retryAfterMs: number | undefined) => string>> = {
  MODEL_AUTH: () => 'Check the API key and what it may use',
  MODEL_CONTENT_FILTER: () => "Change what is asked, or the provider's filter",
  MODEL_CONTEXT_LENGTH: () => 'Shorten the conversation (trimMessages), or take a model with a longer context',
  MODEL_NETWORK: () => 'Check the address and the connection, or try again, as withRetry does',
  MODEL_OVERLOADED: again,
  MODEL_PROTOCOL: () => 'Check that baseURL leads to a server of this protocol',
  MODEL_RATE_LIMIT: (ms) => (ms === undefined ? 'Slow down with withRateLimit, or try again later, as withRetry does' : `Wait ${ms} ms, as withRetry does`),
  MODEL_REQUEST: () => 'Change the request: its options, or the model',
  MODEL_TRUNCATED: again,
};

/** A spent quota looks like a rate limit, but no wait mends it. */
function retryable(code: ModelErrorCode, status: number | undefined, names: string): boolean | undefined {
  if (names.includes('insufficient_quota')) return false;
  if (status === undefined || code === 'MODEL_CONTEXT_LENGTH' || code === 'MODEL_CONTENT_FILTER') return undefined;
  return [408, 409, 425, 429].includes(status) || status >= 500;
}
