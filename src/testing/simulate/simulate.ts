import { Client } from './Client.js';
import { finalFindings } from './finalFindings.js';
import { Human } from './Human.js';
import type { SimulationOptions } from './SimulationOptions.js';
import { Worker } from './Worker.js';
import { World } from './World.js';

/** How one seed went. */
export interface Simulation {
  readonly seed: number;
  /** What was wrong; none: all is well. */
  readonly findings: readonly string[];
  /** What happened, a line each, beginning with the virtual milliseconds. */
  readonly trace: readonly string[];
}

/**
 * Runs the real engine on a checkpointer in virtual time, where everything goes wrong that may: a slow and failing store,
 * processes that crash between any two operations, leases that expire, two workers at once, answers that come late or twice, runs
 * that are cancelled. A graph of sends, joins, interrupts, memos and retries works off jobs on two branches of a thread. Findings are
 * whatever was lost, superstep committed twice, history that isn't linear, work done again that was kept, and run that is stuck.
 *
 * *Timing*: synchronous; minutes of virtual time take milliseconds. The same seed goes the same way, always.
 *
 * @param seed a whole number
 *
 * @example
 * ```ts
 * import { simulate } from 'rivulet/testing';
 *
 * for (let seed = 1; seed <= 10; seed++) {
 *   const { findings, trace } = simulate(seed);
 *   if (findings.length > 0) throw new Error(`seed ${seed}: ${findings.join('; ')}\n${trace.join('\n')}`);
 * }
 * ```
 */
export function simulate(seed: number, options: SimulationOptions = {}): Simulation {
  const world = new World(seed, options);
  world.run(() => [new Client(world, 'client'), new Human(world, 'human'), new Worker(world, 'worker-a', true), new Worker(world, 'worker-b', true)]);
  const findings = world.findings.size > 0 ? [...world.findings] : finalFindings(world);
  return { seed, findings, trace: world.trace };
}
