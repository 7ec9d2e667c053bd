import type { APIError } from '@anthropic-ai/sdk';
import { isRivuletError } from '../../../core/errors/RivuletError.js';
import { ModelError } from '../ModelError.js';
import { modelErrorFrom } from '../modelErrorFrom.js';

const provider = 'anthropic';

/**
 * The typed error for what the SDK throws.
 *
 * @param phase whether an answer had begun: what the connection does then is told apart from not reaching the server
 * @param now the context's time
 */
export function anthropicError(error: unknown, phase: 'asking' | 'answering', now: number): Error {
  if (isRivuletError(error)) return error;
  if (isApiError(error)) return refusal(error, now);
  if (phase === 'asking') return neverSent(error);
  const said = whatWasSaid(error);
  if (isNamed(error, 'SyntaxError')) {
    return new ModelError('MODEL_PROTOCOL', `anthropic sent what is not JSON: ${said}. Check what stands between, at baseURL`, { provider, cause: error });
  }
  return new ModelError('MODEL_TRUNCATED', `the connection to anthropic broke off in the middle of its answer: ${said}. Try again, as withRetry does`, { provider, cause: error });
}

// Errors are known by their fields: the SDK may be there twice, as ESM and as CommonJS, and fetch may be of another realm.
const isObject = (error: unknown): error is object => typeof error === 'object' && error !== null;
const isApiError = (error: unknown): error is APIError => isObject(error) && 'requestID' in error && 'headers' in error;
const isNamed = (error: unknown, name: string): boolean => isObject(error) && 'name' in error && error.name === name;

/** The message with its causes': that a fetch failed says nothing without them. */
function whatWasSaid(error: unknown): string {
  if (!isObject(error) || !('message' in error) || typeof error.message !== 'string') return String(error);
  return 'cause' in error && isObject(error.cause) ? `${error.message} (${whatWasSaid(error.cause)})` : error.message;
}

function refusal(error: APIError, now: number): ModelError {
  const { status, headers, apiMessage, type, errorCode } = error;
  const network = status === undefined && headers === undefined;
  return modelErrorFrom({ provider, status: status ?? STATUS[type ?? ''], headers, message: apiMessage ?? whatWasSaid(error), names: namesOf(type, errorCode), network, cause: error, now });
}

/** The statuses of refusals that come in the middle of an answer, or in a batch: those that can't succeed later. */
const STATUS: Readonly<Record<string, number>> = { invalid_request_error: 400, billing_error: 402, not_found_error: 404 };

/** A spending limit looks like a rate limit, but no wait mends it: it goes by the name that all providers share. */
function namesOf(type: string | null | undefined, errorCode: string | null | undefined): readonly (string | null | undefined)[] {
  return [type, errorCode, errorCode && /spend_limit|ramp_limit/.test(errorCode) ? 'insufficient_quota' : undefined];
}

/** The SDK found nothing to send, or nothing to prove with who sends it. */
function neverSent(cause: unknown): ModelError {
  const said = whatWasSaid(cause);
  if (/authentication method|apiKey|credentials|profile/i.test(said)) {
    return new ModelError('MODEL_AUTH', `anthropic has no API key to ask with: ${said}. Set ANTHROPIC_API_KEY, or give anthropic(model, { apiKey })`, { provider, cause });
  }
  return new ModelError('MODEL_REQUEST', `the request to anthropic could not be made: ${said}. Change the options it is made with`, { provider, cause });
}

/** Throws what `body` says, if it is Anthropic's word for an error: in the middle of a stream, in a batch, or in place of a message. */
export function failureIn(body: unknown): void {
  if (isErrorBody(body)) throw errorFromBody(body);
}

interface ErrorBody {
  readonly type: 'error';
  readonly error: { readonly type?: string; readonly message?: string; readonly details?: { readonly error_code?: string } | null };
}

function isErrorBody(body: unknown): body is ErrorBody {
  return isObject(body) && 'type' in body && body.type === 'error' && 'error' in body && isObject(body.error);
}

/** The typed error for Anthropic's own word for one. */
export function errorFromBody({ error }: Pick<ErrorBody, 'error'>): ModelError {
  const { type, message = 'it did not say why', details } = error;
  return modelErrorFrom({ provider, status: STATUS[type ?? ''], message, names: namesOf(type, details?.error_code) });
}
