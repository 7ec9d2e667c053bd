import { RivuletError } from '../../core/errors/RivuletError.js';

/** What is stored can't be read: it is damaged, or a newer version of the library wrote it. */
export class StoredError extends RivuletError {
  override readonly name = 'StoredError';
  constructor(code: 'STORED_INVALID' | 'STORED_NEWER', what: string, cause?: unknown) {
    super(code, `${what}. ${ADVICE[code]}`, { cause });
  }
}

const ADVICE = {
  STORED_INVALID: 'Restore it from a backup, or delete it',
  STORED_NEWER: 'Update the library, or use the store that goes with this version',
};
