import { isRivuletError } from '../../../core/errors/RivuletError.js';
import { ModelError } from '../ModelError.js';
import { modelErrorFrom } from '../modelErrorFrom.js';

/** What an error of the SDK carries, whichever copy of the SDK it is from. */
interface ApiError extends Error {
  readonly status: number | undefined;
  readonly headers: Headers | undefined;
  readonly error: ErrorBody | undefined;
}

/** An error as OpenAI's protocols word it; compatible servers put a status into `code`. */
export interface ErrorBody {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
}

/** The typed error for whatever a request to `provider` ended with; `reading` its answer, or still asking. */
export function openaiError(provider: string, error: unknown, { now, reading = false }: { readonly now?: number; readonly reading?: boolean } = {}): Error {
  if (isRivuletError(error)) return error;
  if (isApiError(error)) return fromApi(provider, error, now);
  const said = whatWasSaid(error);
  if ((error as Said | undefined)?.name === 'SyntaxError') return protocolError(provider, `what came is not JSON: ${said}`, error);
  if (reading) return truncated(provider, said, error);
  if (/terminated|network|socket|ECONN/i.test(said)) return modelErrorFrom({ provider, network: true, message: said, cause: error });
  const code = /authenticat|credential|token|api ?key/i.test(said) ? 'MODEL_AUTH' : 'MODEL_REQUEST';
  return new ModelError(code, `the request to ${provider} could not be made: ${said}. Check the options and the client that it was made with`, { provider, cause: error });
}

/** The answer broke off: the connection was lost, or it ended without the end that its protocol asks for. */
export function truncated(provider: string, why: string, cause?: unknown): ModelError {
  return new ModelError('MODEL_TRUNCATED', `${provider} broke off its answer: ${why}. What came of it is incomplete; try again, as withRetry does`, { provider, cause });
}

/** The server answered with something that is no answer. */
export function protocolError(provider: string, why: string, cause?: unknown): ModelError {
  return new ModelError('MODEL_PROTOCOL', `${provider} answered with what is not its protocol: ${why}. Check that baseURL leads to an API of this kind`, { provider, cause });
}

/** The error that a body carries in place of an answer, or in the middle of one. */
export function errorIn(provider: string, body: ErrorBody | string, cause?: unknown): ModelError {
  if (typeof body === 'string') return modelErrorFrom({ provider, message: body, cause });
  return modelErrorFrom({ provider, status: statusIn(body), message: messageIn(body) ?? JSON.stringify(body), names: namesIn(body), cause });
}

const isApiError = (error: unknown): error is ApiError => typeof error === 'object' && error !== null && 'headers' in error && 'requestID' in error;

function fromApi(provider: string, cause: ApiError, now: number | undefined): ModelError {
  const { status, headers, error: body } = cause;
  if (status === undefined && body === undefined) return modelErrorFrom({ provider, network: true, message: whatWasSaid(cause), cause });
  if (status === undefined) return errorIn(provider, body ?? cause.message, cause);
  const message = (body && messageIn(body)) ?? cause.message;
  return modelErrorFrom({ provider, status, headers, message, names: body ? namesIn(body) : [], cause, ...(now !== undefined && { now }) });
}

const messageIn = ({ message }: ErrorBody): string | undefined => (typeof message === 'string' ? message : undefined);

const namesIn = ({ code, type }: ErrorBody): string[] => [code, type].filter((name) => typeof name === 'string');

function statusIn({ code }: ErrorBody): number | undefined {
  const status = Number(code);
  return status >= 400 && status < 600 ? status : undefined;
}

/** An error's fields, also of one from another realm. */
interface Said {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly cause?: unknown;
}

/** The message with its causes': `fetch failed` says nothing without them. */
function whatWasSaid(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, code, cause } = error as Said;
  const said = message || code || 'an error without a message';
  return typeof cause === 'object' && cause !== null ? `${said} (${whatWasSaid(cause)})` : said;
}
