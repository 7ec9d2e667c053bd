import type { Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { Stopwatch } from '../../core/flow/Stopwatch.js';
import { demandOf } from '../../core/subscription.js';
import type { NodeTimeout } from '../graph/GraphPlan.js';
import { NodeTimeoutError } from './NodeTimeoutError.js';

/** The timeouts of one attempt. Time at a closed gate isn't counted. */
export class NodeClock {
  private constructor(
    private readonly run: Stopwatch | undefined,
    private readonly idle: Stopwatch | undefined,
    private readonly idleMs: number,
  ) {}

  static start(timeout: NodeTimeout | undefined, context: RunContext, subscriber: Subscriber<never>, node: string, expired: (error: NodeTimeoutError) => void): NodeClock | undefined {
    if (!timeout) return undefined;
    const { runMs, idleMs } = timeout;
    const demand = demandOf(subscriber);
    const watch = (limit: 'runMs' | 'idleMs', ms: number | undefined): Stopwatch | undefined => {
      if (ms === undefined) return undefined;
      const stopwatch = new Stopwatch(context.scheduler, demand, () => expired(new NodeTimeoutError(node, limit, ms, context.path)));
      stopwatch.start(ms);
      return stopwatch;
    };
    return new NodeClock(watch('runMs', runMs), watch('idleMs', idleMs), idleMs ?? 0);
  }

  /** It is alive: the idle time starts over. */
  beat(): void {
    this.idle?.start(this.idleMs);
    this.run?.lookAtGate();
  }

  stop(): void {
    this.run?.stop();
    this.idle?.stop();
  }
}
