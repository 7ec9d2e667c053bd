import type { Observable } from 'rxjs';
import type { LangsmithRequest } from './LangsmithRequest.js';

/** What a process can do for a tracer, and says of itself. */
export interface LangsmithHost {
  /** Of every run: variables of the environment. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Which commit runs, in the words of whoever deployed it. */
  readonly release?: Readonly<Record<string, string>>;
  /** Keeps what could not be sent: it has arrived then, as far as the tracer goes. */
  readonly keep?: (request: LangsmithRequest) => Observable<unknown>;
}
