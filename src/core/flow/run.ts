import { Observable, type Subscriber } from 'rxjs';
import type { RunConfig } from '../context/RunConfig.js';
import { contextFor, isRunContext, type RunContext } from '../context/RunContext.js';
import { ContextLink, contextOf, createSource } from '../subscription.js';
import { spanned } from '../trace/spanned.js';
import type { FlowDefinition } from './FlowDefinition.js';
import { tagFold } from './fold.js';
import { limited } from './limited.js';

/** One run of one input, cold. */
export function runOf<I, O, R>(definition: FlowDefinition<I, O, R>, input: I, config: RunConfig | RunContext | undefined, also?: readonly string[]): Observable<O> {
  const run = createSource<O>((subscriber) => {
    const above = isRunContext(config) ? config : contextOf(subscriber);
    openRun(definition, input, contextFor(above, config, also), above === undefined, config, subscriber);
  });
  return tagFold(run, definition.fold);
}

/**
 * Subscribes `subscriber` to one run under `context`.
 *
 * @param isRoot whether nothing is above it: then it opens the root span, if anybody watches
 */
export function openRun<I, O, R>(
  definition: FlowDefinition<I, O, R>,
  input: I,
  context: RunContext,
  isRoot: boolean,
  config: RunConfig | RunContext | undefined,
  subscriber: Subscriber<O>,
): void {
  const limits = config && !isRunContext(config) ? config : undefined;
  const { name, kind = 'chain', metadata, fold } = definition;
  let operator = isRoot && context.hub ? definition.operator : definition.observed;
  if (limits) operator = limited(operator, limits);
  if (isRoot && context.hub) operator = spanned(name, kind, fold, operator, { isRoot: true, metadata });
  operator(one(input)).subscribe(new ContextLink(subscriber, context));
}

/** `of`, without its look for a scheduler. */
function one<T>(value: T): Observable<T> {
  return new Observable((subscriber) => {
    subscriber.next(value);
    subscriber.complete();
  });
}
