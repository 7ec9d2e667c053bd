import type { Observable, Subscriber } from 'rxjs';
import { deliver } from '../../core/bridge/result.js';
import type { InterruptOptions } from '../../core/context/TaskScope.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { requirePositive } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { canonicalJson } from '../../core/flow/canonicalJson.js';
import { createSource } from '../../core/subscription.js';
import { jsonSchemaOf } from '../../operators/tools/jsonSchemaOf.js';
import type { Schema } from '../../operators/tools/schema.js';
import { InterruptExpiredError } from './InterruptExpiredError.js';
import type { InterruptSignal } from './InterruptSignal.js';
import { requireStorable } from './requireStorable.js';
import type { Answer, OpenInterrupt, PendingTask, Question } from './TaskWork.js';

/** The interrupts of one task in one pass. */
export class Interrupts {
  /** Raised in this pass, and not answered. */
  readonly open = new Map<string, Question>();
  private calls = 0;
  private over = false;
  private readonly waiting = new Set<(signal: InterruptSignal) => void>();

  /**
   * @param idPrefix the task's id, and of an error handler its name
   * @param canWait whether there is a store: else nobody could ever answer
   * @param raised is called for each that is subscribed to, and not answered
   */
  constructor(
    private readonly idPrefix: string,
    private readonly prior: PendingTask | undefined,
    private readonly canWait: boolean,
    private readonly run: RunScope,
    private readonly raised: () => void,
  ) {}

  get isOpen(): boolean {
    return this.open.size > 0;
  }

  /**
   * The id is taken at the call, so that concurrent calls keep theirs over passes.
   *
   * @param signalled whether it rejects when the pass ends
   */
  ask(payload: unknown, options: InterruptOptions | undefined, signalled: boolean): Observable<unknown> {
    if (!this.canWait) throw noCheckpointer(this.run.thread);
    const id = `${this.idPrefix}#${options?.key === undefined ? this.calls++ : JSON.stringify(options.key)}`;
    const question = this.question(id, payload, options);
    return createSource((subscriber) => {
      const answer = this.prior?.answers.get(id);
      if (answer) return this.tell(answer, id, question, options, subscriber);
      if (this.over) return undefined; // too late: the node swallowed the signal
      this.open.set(id, question);
      if (signalled) {
        const reject = (signal: InterruptSignal): void => subscriber.error(signal);
        this.waiting.add(reject);
        subscriber.add(() => this.waiting.delete(reject));
      }
      this.raised();
      return undefined;
    });
  }

  /** Asks what a graph in the task asks: the answer reaches that through the task. */
  relay({ id, taskId: _taskId, node: _node, ...question }: OpenInterrupt): void {
    this.open.set(id, question);
    this.raised();
  }

  /** The pass is over: wakes those that await an answer, so that they clean up. */
  signal(made: () => InterruptSignal): void {
    this.over = true;
    for (const reject of [...this.waiting]) reject(made());
  }

  private question(id: string, payload: unknown, { ttlMs, schema }: InterruptOptions = {}): Question {
    requireStorable(payload, 'the payload of an interrupt');
    const since = this.prior?.asked.get(id); // asked again, it expires when it would have
    const expiresAt = since ? since.expiresAt : ttlMs === undefined ? undefined : this.run.scheduler.now() + requirePositive('ttlMs', ttlMs);
    return { payload, ...(expiresAt !== undefined && { expiresAt }), ...(schema !== undefined && { schema: jsonSchemaOf(schema as Schema) }) };
  }

  private tell(answer: Answer, id: string, { payload }: Question, options: InterruptOptions | undefined, subscriber: Subscriber<unknown>): void {
    const asked = this.prior?.asked.get(id);
    if (asked && canonicalJson(asked.payload) !== canonicalJson(payload)) return subscriber.error(changed(id));
    if (answer === 'expired') return this.tellExpiry(id, options, subscriber);
    subscriber.next(answer.value);
    subscriber.complete();
  }

  private tellExpiry(id: string, options: InterruptOptions | undefined, subscriber: Subscriber<unknown>): void {
    if (!options || !('onExpiry' in options)) return subscriber.error(new InterruptExpiredError(id));
    const { onExpiry } = options;
    deliver(typeof onExpiry === 'function' ? (onExpiry as () => unknown)() : onExpiry, subscriber, this.run);
  }
}

function changed(id: string): RivuletError {
  return new RivuletError('INTERRUPT_CHANGED', `interrupt ${id} asks something else than when it was answered; no answer is delivered. Ask in the same order, or give each call a key: interrupt(payload, { key })`);
}

function noCheckpointer(thread: string | undefined): RivuletError {
  const lacking = thread === undefined ? 'has no thread' : 'has no checkpointer';
  return new RivuletError('NO_CHECKPOINTER', `run.interrupt was called, and this run ${lacking}: the answer could never come back to it. Compile the graph with a checkpointer, and run it with { thread }`);
}
