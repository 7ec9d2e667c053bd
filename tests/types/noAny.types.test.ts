import type { OperatorFunction } from 'rxjs';
import type * as rivulet from 'rivulet';
import { same } from './same.js';

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether it is `any`, or a function with one among its parameters or as its result. */
type AnyIn<T> = IsAny<T> extends true ? true : T extends (...args: infer A) => infer R ? IsAny<R> | AnyAmong<A> : false;
type AnyAmong<T> = { [K in keyof T]-?: IsAny<T[K]> }[keyof T];

/** The names of what has `any` in it. */
type Offenders<T> = { [K in keyof T]-?: true extends AnyIn<T[K]> ? K : never }[keyof T];

// Neither the exported functions and values, nor a flow, nor its runs, nor what a callback gets, show an `any`.
same<Offenders<typeof rivulet>, never>(true);
same<Offenders<rivulet.Flow<string, string, number>>, never>(true);
same<Offenders<rivulet.Run<string, number>>, never>(true);
same<Offenders<Pick<rivulet.RunStream<string>, 'readable'>>, never>(true); // the rest of it is the language's own async iterator
same<Offenders<rivulet.RunScope>, never>(true);
same<Offenders<rivulet.RunEvent>, never>(true);
same<Offenders<Required<rivulet.RunConfig>>, never>(true);
same<Offenders<{ readonly lambda: ReturnType<typeof rivulet.lambda>; readonly chain: OperatorFunction<string, string> }>, never>(true);

// The check finds what it looks for.
type Parsed = ReturnType<typeof JSON.parse>;
same<Offenders<{ readonly value: Parsed; result(): Parsed; takes(given: Parsed): void; readonly fine: string }>, 'value' | 'result' | 'takes'>(true);
