import { lastValueFrom, timeout, toArray, type Observable } from 'rxjs';
import type { ErrorCode } from '../core/errors/errorCode.js';
import { isRivuletError } from '../core/errors/RivuletError.js';
import { assertEqual } from './assertEqual.js';
import { ExpectationError } from './ExpectationError.js';
import { show } from './show.js';

/** How long a store may take to answer; that a store hangs is a finding, too. */
const ANSWER_MS = 30_000;

/** Asks a store under test, and expects answers. */
export class Probe {
  /** What an Observable of the store emits, once it has completed. */
  async all<T>(work: Observable<T>): Promise<readonly T[]> {
    return lastValueFrom(work.pipe(timeout({ each: ANSWER_MS }), toArray()));
  }

  async one<T>(work: Observable<T>): Promise<T> {
    const emitted = await this.all(work);
    if (emitted.length !== 1) throw new ExpectationError(`the store emitted ${emitted.length} values instead of one`, emitted);
    return emitted[0] as T;
  }

  /** Expects that it completes without a value. */
  async done(work: Observable<unknown>): Promise<void> {
    assertEqual(await this.all(work), []);
  }

  async refused(code: ErrorCode, work: Observable<unknown>): Promise<void> {
    const outcome = await this.outcome(work);
    if (outcome !== code) throw new ExpectationError(`the store should have refused it with ${code}, but: ${outcome}`, outcome, code);
  }

  /** `done`, or the code it failed with. */
  async outcome(work: Observable<unknown>): Promise<string> {
    try {
      await this.all(work);
      return 'done';
    } catch (error) {
      return isRivuletError(error) ? error.code : `an error without a code, ${show(error)}`;
    }
  }
}
