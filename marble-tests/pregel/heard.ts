import type { Observable } from 'rxjs';
import { isRivuletError } from '../../src/core/errors/RivuletError.js';

/** What an Observable has said so far. */
export interface Heard<T> {
  readonly values: T[];
  readonly last: T | undefined;
  /** `running`, `done`, or the code (else the message) of the error it failed with. */
  readonly end: string;
  readonly error: unknown;
  leave(): void;
}

/** Listens from now on. */
export function heard<T>(source: Observable<T>): Heard<T> {
  const values: T[] = [];
  let end = 'running';
  let failure: unknown;
  const subscription = source.subscribe({
    next: (value) => void values.push(value),
    error: (error: unknown) => {
      failure = error;
      end = isRivuletError(error) ? error.code : (error as Error).message;
    },
    complete: () => {
      end = 'done';
    },
  });
  return {
    values,
    get last() {
      return values.at(-1);
    },
    get end() {
      return end;
    },
    get error() {
      return failure;
    },
    leave: () => subscription.unsubscribe(),
  };
}
