import { map, of, type Observable, type OperatorFunction } from 'rxjs';
import type { Unwrapped } from '../../src/core/bridge/result.js';
import type { PulledIterator } from '../../src/core/bridge/toAsyncIterable.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { withContext } from '../../src/core/context/withContext.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { flow, isFlow, type Flow } from '../../src/core/flow/flow.js';
import { concatText, list, type Fold } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import type { Run } from '../../src/core/flow/start.js';
import type { RunStream } from '../../src/core/flow/stream.js';
import type { WholeInput, WholeOf } from '../../src/core/flow/whole.js';
import { operate } from '../../src/core/subscription.js';
import type { AssistantMessage, MessageChunk } from '../../src/operators/messages/Message.js';
import { resultOf, same, typeOf } from './same.js';

declare const words: Flow<string, string, readonly string[]>;

// What each way to run a flow gives.
same<ReturnType<typeof words.run>, Observable<string>>(true);
same<ReturnType<typeof words.invoke>, Promise<readonly string[]>>(true);
same<ReturnType<typeof words.stream>, RunStream<string>>(true);
same<RunStream<string> extends PulledIterator<string> ? true : false, true>(true);
same<RunStream<string>['readable'], ReadableStream<string>>(true);
same<ReturnType<typeof words.events>, Observable<RunEvent>>(true);
same<ReturnType<typeof words.start>, Run<string, readonly string[]>>(true);
same<Run<string, readonly string[]>['result'], Promise<readonly string[]>>(true);
same<Run<string, readonly string[]>['state$'], Observable<readonly string[]>>(true);
const operator: OperatorFunction<string, string> = words;
typeOf(operator(of('a'))).is<Observable<string>>(true);

// A batch's results may be errors only where errors were asked for.
const results = words.batch(['a']);
typeOf(results).is<Promise<readonly (readonly string[])[]>>(true);
const orErrors = words.batch(['a'], { returnErrors: true, concurrency: 2, configs: [{ tags: ['x'] }] });
typeOf(orErrors).is<Promise<readonly (readonly string[] | Error)[]>>(true);
const noErrors = words.batch(new Set(['a']), { returnErrors: false });
typeOf(noErrors).is<Promise<readonly (readonly string[])[]>>(true);

// Configs are checked by key.
// @ts-expect-error no such key
words.run('a', { thraed: 'x' });
// @ts-expect-error a batch has no capacity
words.batch(['a'], { capacity: 3 });
// @ts-expect-error the input is a string
words.invoke(1);
// @ts-expect-error a patch can't name the root
withContext({ runId: 'x' });
// @ts-expect-error nor end it
withContext({ timeoutMs: 5 });

// A flow's fold says what it results in; without one, it is its chunk.
const bare = flow('bare', map((s: string) => s.length));
typeOf(bare).is<Flow<string, number>>(true);
const folded = flow('folded', map((s: string) => s.length), { fold: list<number>() });
typeOf(folded).is<Flow<string, number, readonly number[]>>(true);
// @ts-expect-error it folds text, and the chunks are numbers
flow('wrong', map((s: string) => s.length), { fold: concatText });
const custom: Fold<number, { readonly sum: number }> = { kind: 'sum', start: () => ({ add: () => undefined, result: () => ({ sum: 1 }) }) };
const summed = flow('sum', map((s: string) => s.length), { fold: custom, kind: 'tool' });
resultOf(summed).is<{ readonly sum: number }>(true);
// @ts-expect-error no such kind
flow('kind', map((s: string) => s), { kind: 'thing' });

// What a callback returns is unwrapped once; strings, arrays and other iterables are values.
same<Unwrapped<string>, string>(true);
same<Unwrapped<readonly number[]>, readonly number[]>(true);
same<Unwrapped<Set<number>>, Set<number>>(true);
same<Unwrapped<Observable<number>>, number>(true);
same<Unwrapped<Promise<string>>, string>(true);
same<Unwrapped<PromiseLike<string>>, string>(true);
same<Unwrapped<AsyncGenerator<string>>, string>(true);
same<Unwrapped<ReadableStream<Uint8Array>>, Uint8Array>(true);
same<Unwrapped<Observable<number> | Promise<string>>, number | string>(true);
same<Unwrapped<Observable<number> | string>, number | string>(true);
same<Unwrapped<null | undefined>, null | undefined>(true);
same<Unwrapped<Observable<Promise<number>>>, Promise<number>>(true);

const sync = lambda((x: number) => `${x}`);
typeOf(sync).is<Flow<number, string>>(true);
const observed = lambda((x: number) => of(x, x));
typeOf(observed).is<Flow<number, number>>(true);
const awaited = lambda(async (x: number) => [x]);
typeOf(awaited).is<Flow<number, number[]>>(true);
const generated = lambda(async function* (x: number) {
  yield x;
});
typeOf(generated).is<Flow<number, number>>(true);
const either = lambda((x: number) => (x > 1 ? of('a') : Promise.resolve(1)));
typeOf(either).is<Flow<number, string | number>>(true);
const nothing = lambda(() => undefined);
resultOf(nothing).is<undefined>(true);
const scope = lambda((_: string, run) => {
  typeOf(run).is<RunScope>(true);
  return run.tags;
});
typeOf(scope).is<Flow<string, readonly string[]>>(true);
// @ts-expect-error a run has no such field
lambda((_: string, run) => run.thraed);

// Chunks and what they make.
same<WholeOf<MessageChunk>, AssistantMessage>(true);
same<WholeOf<string>, string>(true);
same<WholeOf<{ readonly a: 1 }>, { readonly a: 1 }>(true);
same<WholeInput<AssistantMessage>, AssistantMessage | MessageChunk>(true);
same<WholeInput<string>, string>(true);

// A flow is covariant in its chunks and its result, contravariant in its input.
const wide: Flow<'a', string | number, unknown> = lambda((x: string) => x);
const wider: Flow<'a', unknown, unknown> = wide;
const anyOf: readonly Flow<never, unknown, unknown>[] = [wide, wider, words, observed, summed];
// @ts-expect-error it takes fewer inputs than are given
const narrow: Flow<string, string> = lambda((x: 'a') => x as string);
// @ts-expect-error it brings more chunks than are asked for
const fewer: Flow<string, string> = lambda((x: string): string | number => x);
void [anyOf, narrow, fewer];

// A type guard, and operators of one's own.
const step: unknown = words;
if (isFlow(step)) typeOf(step).is<Flow<never, unknown, unknown>>(true);
const through = operate<string, number>((source, subscriber) => source.pipe(map((s) => s.length)).subscribe(subscriber));
typeOf(through).is<OperatorFunction<string, number>>(true);
const tagged = withContext({ tags: ['x'] }, words);
typeOf(tagged).is<Flow<string, string, readonly string[]>>(true);
const patched = of('a').pipe(withContext({ tags: ['x'] }));
typeOf(patched).is<Observable<string>>(true);
