import type { Observable } from 'rxjs';
import { foldToPromise } from '../bridge/foldToPromise.js';
import { checkConfig, type RunConfig } from '../context/RunConfig.js';
import { contextFor, isRunContext, type RunContext } from '../context/RunContext.js';
import { subscriberOf } from '../context/RunScope.js';
import { mapAsync } from '../demand/mapAsync.js';
import { pull } from '../demand/pull.js';
import { requireCount } from '../errors/optionChecks.js';
import { RivuletError } from '../errors/RivuletError.js';
import { ContextLink, createSource, Link } from '../subscription.js';
import type { BatchRunner, FlowDefinition } from './FlowDefinition.js';
import { last, type Fold } from './fold.js';
import { runOf } from './run.js';

export interface BatchConfig extends RunConfig {
  /** Runs at a time. Default 16. */
  readonly concurrency?: number;
  /** Puts an error in the place of its result instead of failing the batch. */
  readonly returnErrors?: boolean;
  /** A config for each input, over the common one. */
  readonly configs?: readonly RunConfig[];
}

/** A run for each input; an empty batch has an empty result. */
export function batchRun<I, O, R>(definition: FlowDefinition<I, O, R>, inputs: Iterable<I>, config: BatchConfig | RunContext | undefined): Promise<readonly R[]> {
  return foldToPromise(last<readonly R[]>(), subscriberOf(config), (subscriber) => {
    if (config && !isRunContext(config)) checkBatch(config);
    const results = definition.batch ? atOnce(definition.batch, [...inputs], config) : oneByOne(definition, inputs, config);
    results.subscribe(isRunContext(config) ? new ContextLink(subscriber, config) : subscriber);
  });
}

const BATCH_KEYS = ['concurrency', 'returnErrors', 'configs'];

function checkBatch(config: BatchConfig): void {
  checkConfig(config, BATCH_KEYS);
  if (config.runId !== undefined) throw new RivuletError('INVALID_CONFIG', 'the runs of a batch share its config, but an id is one run\'s alone. Give ids by configs: [{ runId }, …]');
}

function oneByOne<I, O, R>(definition: FlowDefinition<I, O, R>, inputs: Iterable<I>, config: BatchConfig | RunContext | undefined): Observable<readonly R[]> {
  const { concurrency = 16, returnErrors = false, configs, ...common }: BatchConfig = config && !isRunContext(config) ? config : {};
  const limit = Math.min(concurrency, config?.maxConcurrency ?? Infinity);
  requireCount('concurrency', concurrency, { infinite: true });
  const shared = Object.keys(common).length > 0 ? common : undefined; // without settings, each run is spared looking at them
  const perItem = configs ? matched(configs, [...inputs]) : undefined;
  return createSource((subscriber) => {
    const results: R[] = [];
    const runOne = (input: I, index: number): Observable<void> => {
      const run = runOf(definition, input, isRunContext(config) ? config : merged(shared, perItem?.[index]));
      return folded(run, definition.fold, (result) => void (results[index] = result), returnErrors);
    };
    const link = new Link<void>(subscriber, {
      next: () => undefined,
      complete: () => {
        subscriber.next(results);
        subscriber.complete();
      },
    });
    pull(inputs).pipe(mapAsync(runOne, { concurrency: limit, ordered: false })).subscribe(link);
  });
}

/** Runs, folds and gives the result to `keep`; emits nothing. */
function folded<O, R>(run: Observable<O>, fold: Fold<O, R>, keep: (result: R) => void, returnErrors: boolean): Observable<void> {
  return createSource((subscriber) => {
    let folding = fold.start();
    const caught = (error: unknown): void => {
      keep((error instanceof Error ? error : new Error(String(error), { cause: error })) as R);
      subscriber.complete();
    };
    // Two links, so that an error of the fold (an empty or ambiguous run) is caught as one of the run is.
    const outcome = new Link<R>(subscriber, { next: keep, ...(returnErrors && { error: caught }) });
    const link = new Link<O>(outcome, {
      next: (chunk) => folding.add(chunk),
      complete: () => {
        outcome.next(folding.result());
        outcome.complete();
      },
      restart: () => {
        folding = fold.start();
      },
    });
    run.subscribe(link);
  });
}

function matched<I>(configs: readonly RunConfig[], inputs: readonly I[]): readonly RunConfig[] {
  if (configs.length === inputs.length) return configs;
  throw new RivuletError('INVALID_CONFIG', `a batch of ${inputs.length} inputs got ${configs.length} configs. Give one for each input, or common settings beside 'configs'`);
}

function merged(common: RunConfig | undefined, own: RunConfig | undefined): RunConfig | undefined {
  if (!own || !common) return own ?? common;
  return {
    ...common,
    ...own,
    tags: [...(common.tags ?? []), ...(own.tags ?? [])],
    metadata: { ...common.metadata, ...own.metadata },
    configurable: { ...common.configurable, ...own.configurable },
  };
}

function atOnce<I, R>(runner: BatchRunner<I, R>, inputs: readonly I[], config: BatchConfig | RunContext | undefined): Observable<readonly R[]> {
  const returnErrors = config && !isRunContext(config) ? (config.returnErrors ?? false) : false;
  return createSource((subscriber) => {
    if (inputs.length === 0) {
      subscriber.next([]);
      return subscriber.complete();
    }
    const context = contextFor(isRunContext(config) ? config : undefined, config, BATCH_KEYS);
    const link = new Link<readonly (R | Error)[]>(subscriber, {
      context,
      next: (results) => {
        const failed = returnErrors ? undefined : results.find((result) => result instanceof Error);
        if (failed) subscriber.error(failed);
        else subscriber.next(results as readonly R[]);
      },
    });
    runner(inputs, context).subscribe(link);
  });
}
