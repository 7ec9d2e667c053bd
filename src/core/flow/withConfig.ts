import { checkConfig, type RunConfig } from '../context/RunConfig.js';
import { contextFor } from '../context/RunContext.js';
import { scoped } from '../context/scoped.js';
import { RivuletError } from '../errors/RivuletError.js';
import { flow, type Flow } from './flow.js';
import { limited } from './limited.js';

/** What can be bound to a flow: all of a run's config but its id, which each run has of its own. */
export type BoundConfig = Omit<RunConfig, 'runId'>;

/**
 * Binds a config to a flow: every run of it has these tags, this metadata, name, timeout and so on, over what it inherits.
 * What is upstream or downstream of the flow doesn't see it.
 *
 * ```text
 * -a-----------|
 * withConfig(lambda((x, run) => run.tags), { tags: ['billing'] })
 * -[billing]---|
 * ```
 *
 * *Demand*: transparent. *Timing*: the flow's. *Errors*: the flow's; `TIMEOUT` and `CANCELLED` by `timeoutMs` and `signal`.
 *
 * @throws RivuletError `INVALID_CONFIG` for an unknown key or a `runId`, `INVALID_OPTION` for a value out of range
 *
 * @example
 * ```ts
 * import { lambda, withConfig } from 'rivulet';
 *
 * const billing = withConfig(lambda((_: string, run) => run.tags), { tags: ['billing'], timeoutMs: 5_000 });
 * const result = await billing.invoke('x', { tags: ['eu'] }); // ['eu', 'billing']
 * ```
 */
export function withConfig<I, O, R>(target: Flow<I, O, R>, config: BoundConfig): Flow<I, O, R> {
  checkConfig(config);
  if ((config as RunConfig).runId !== undefined) {
    throw new RivuletError('INVALID_CONFIG', "a runId can't be bound to a flow, as every run has its own. Give it to run(input, { runId })");
  }
  const operator = scoped(limited(target, config), (outer) => contextFor(outer, config));
  return flow(target.name, operator, { fold: target.fold });
}
