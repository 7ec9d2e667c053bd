import type { ErrorCode } from './errorCode.js';

const BRAND = Symbol.for('rivulet.error');

export interface RivuletErrorOptions {
  /** Where in the program it happened: graph, subgraph, node or step names. */
  readonly path?: readonly string[];
  readonly cause?: unknown;
}

/**
 * The base of every error Rivulet raises. The message says what happened, then what to do; `code` is stable.
 *
 * @example
 * ```ts
 * import { isRivuletError, lambda, withTimeout } from 'rivulet';
 * import { catchError, lastValueFrom, NEVER, of, throwError } from 'rxjs';
 *
 * const slow = withTimeout(lambda((_: string) => NEVER), { totalMs: 5 });
 * const answer = slow.run('Hi').pipe(catchError((error: unknown) => (isRivuletError(error, 'TIMEOUT') ? of('too slow') : throwError(() => error))));
 * await lastValueFrom(answer); // 'too slow'
 * ```
 */
export class RivuletError extends Error {
  override readonly name: string = 'RivuletError';
  readonly [BRAND] = true;
  readonly code: ErrorCode;
  readonly path: readonly string[];

  constructor(code: ErrorCode, message: string, { path = [], cause }: RivuletErrorOptions = {}) {
    super(`${code}: ${message} (docs/errors/${code}.md)`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
  }
}

/** Whether `error` is a Rivulet error (of `code`, if given), also when it comes from another copy of the library. */
export function isRivuletError(error: unknown, code?: ErrorCode): error is RivuletError {
  return typeof error === 'object' && error !== null && BRAND in error && (code === undefined || (error as RivuletError).code === code);
}
