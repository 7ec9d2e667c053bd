import type { MonoTypeOperatorFunction } from 'rxjs';
import { flow, type Flow } from '../flow/flow.js';
import { ContextLink, contextOf, operate } from '../subscription.js';
import { checkConfig, type RunConfig } from './RunConfig.js';
import { contextFor, type RunContext } from './RunContext.js';
import { scoped } from './scoped.js';

/** What can be set below a run: everything but what ends it or names the root. */
export type ContextPatch = Omit<RunConfig, 'runId' | 'signal' | 'timeoutMs'>;

/**
 * Sets context. As an operator, for all that is upstream of it; given a flow, for that flow alone: at the flow's input the
 * outer context is restored.
 *
 * ```text
 * -a-b-c|
 * withContext({ tags: ['x'] })
 * -a-b-c|   upstream sees the tag
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: `INVALID_CONFIG` for an unknown key.
 *
 * @example
 * ```ts
 * import { lambda, withContext } from 'rivulet';
 *
 * const tagged = withContext({ tags: ['billing'] }, lambda((_: string, run) => run.tags));
 * const result = await tagged.invoke(''); // ['billing']
 * ```
 */
export function withContext<T>(patch: ContextPatch): MonoTypeOperatorFunction<T>;
export function withContext<I, O, R>(patch: ContextPatch, target: Flow<I, O, R>): Flow<I, O, R>;
export function withContext<I, O, R>(patch: ContextPatch, target?: Flow<I, O, R>): unknown {
  checkConfig(patch);
  const derive = (outer: RunContext | undefined): RunContext => contextFor(outer, patch);
  if (target) return flow(target.name, scoped(target, derive), { fold: target.fold });
  return operate<O, O>((source, subscriber) => source.subscribe(new ContextLink(subscriber, derive(contextOf(subscriber)))));
}
