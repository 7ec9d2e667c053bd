import { EMPTY, of, type Observable } from 'rxjs';
import { chain } from './chain.js';
import { flow, type Flow } from './flow.js';
import { concatText, list } from './fold.js';
import { lambda } from './lambda.js';
import { withCache } from './withCache.js';
import { withConfig } from './withConfig.js';
import { withFallback } from './withFallback.js';
import { withRateLimit } from './withRateLimit.js';
import { withRetry } from './withRetry.js';
import { withTimeout } from './withTimeout.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const typeOf = <Actual>(_: Actual) => ({ is: <Expected>(__: Equal<Actual, Expected>): void => undefined });

type Words = Flow<number, string, readonly string[]>;
const words: Words = flow('words', (_: Observable<number>) => of('a', 'b'), { fold: list() });

// Every policy keeps input, chunk and result.
typeOf(withRetry(words)).is<Words>(true);
typeOf(withTimeout(words, { totalMs: 1 })).is<Words>(true);
typeOf(withFallback(words, words, words)).is<Words>(true);
typeOf(withFallback(words, { to: [words], when: (error) => error === 1, restart: true })).is<Words>(true);
typeOf(withCache(words, { key: (n) => n.toFixed(), ttlMs: 5 })).is<Words>(true);
typeOf(withRateLimit(words, { perSecond: 1 })).is<Words>(true);
typeOf(withConfig(words, { tags: ['x'] })).is<Words>(true);
typeOf(withRetry(withTimeout(withRateLimit(withCache(withConfig(words, {})), { concurrency: 1 }), { idleMs: 1 }))).is<Words>(true);

// In a chain, over a lambda, and inline.
const text = flow('text', (_: Observable<number>) => of('a'), { fold: concatText });
typeOf(chain(withRetry(text), lambda((whole: string) => whole.length)).invoke(1)).is<Promise<number>>(true);
typeOf(withRetry(lambda(async (n: number) => `${n}`), { retryOn: (error, attempt) => attempt < 2 && error instanceof Error }).invoke(1)).is<Promise<string>>(true);
typeOf(withCache(lambda((q: string) => q.length), { key: (q) => q.trim() }).invoke('a')).is<Promise<number>>(true);

// A flow that takes anything is an alternative for one that takes a number; one that brings something else is none.
const anything = flow('anything', (_: Observable<unknown>) => EMPTY as Observable<string>, { fold: list<string>() });
typeOf(withFallback(words, anything)).is<Words>(true);
const numbers = flow('numbers', (_: Observable<number>) => of(1));
// @ts-expect-error its chunks are numbers
withFallback(words, numbers);
// @ts-expect-error its result is a string, not a list
withFallback(words, { to: text });
// @ts-expect-error a runId can't be bound
withConfig(words, { runId: 'x' });
// @ts-expect-error no such option
withRetry(words, { attempts: 3 });
