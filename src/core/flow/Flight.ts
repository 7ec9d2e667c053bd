import type { Observable } from 'rxjs';
import type { RunContext } from '../context/RunContext.js';
import { Link } from '../subscription.js';
import { Replay } from './Replay.js';

/** One run that several share: it belongs to none of them and ends when the last leaves. */
export class Flight<O> {
  /** Its chunks from the start, to each at its own demand; the first to subscribe starts it. */
  readonly values$: Observable<O>;
  private readonly chunks: Replay<O>;

  /**
   * @param run whose context it runs in
   * @param source makes the run; it is given what has been said so far
   * @param ended called when nobody shares it any more
   */
  constructor(run: RunContext, maxChunks: number, source: (chunks: Replay<O>) => Observable<O>, ended: () => void) {
    const root = new Link<never>(undefined, {
      context: run.with(),
      next: () => undefined,
      error: (error) => this.chunks.finish({ error }),
    });
    root.add(ended);
    this.chunks = new Replay<O>(maxChunks, () => root.unsubscribe());
    this.values$ = this.chunks.of(source(this.chunks), root);
  }

  /** It goes on, and its start is still there. */
  get canBeJoined(): boolean {
    return this.chunks.ending === undefined && this.chunks.all !== undefined;
  }
}
