import { foldToPromise } from '../bridge/foldToPromise.js';
import type { RunConfig } from '../context/RunConfig.js';
import { contextFor, isRunContext, type RunContext } from '../context/RunContext.js';
import { subscriberOf } from '../context/RunScope.js';
import type { FlowDefinition } from './FlowDefinition.js';
import { openRun } from './run.js';

/** One run of one input, folded; an awaited one ends with whoever awaits it. */
export function invokeRun<I, O, R>(definition: FlowDefinition<I, O, R>, input: I, config: RunConfig | RunContext | undefined): Promise<R> {
  return foldToPromise(definition.fold, subscriberOf(config), (subscriber) => {
    const above = isRunContext(config) ? config : undefined;
    openRun(definition, input, contextFor(above, config), !above, config, subscriber);
  });
}
