import type { Flow } from '../../src/core/flow/flow.js';

/** Whether two types are the same, and not only assignable to each other. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

interface Is<Actual> {
  is<Expected>(same: Same<Actual, Expected>): void;
}

/** A compile error unless the two types are the same. */
export function same<A, B>(_: Same<A, B>): void {
  // only for the compiler
}

/** The type of a value: `typeOf(1).is<number>(true)`. */
export function typeOf<Actual>(_: Actual): Is<Actual> {
  return { is: () => undefined };
}

/** The type of a flow's result. */
export function resultOf<R>(_: Flow<never, unknown, R>): Is<R> {
  return { is: () => undefined };
}
