/** An `AbortSignal` that is made when somebody asks for it. */
export class LazySignal {
  private controller: AbortController | undefined;
  private cause: { readonly reason: unknown } | undefined;

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.cause) this.controller.abort(this.cause.reason);
    }
    return this.controller.signal;
  }

  get aborted(): boolean {
    return this.cause !== undefined;
  }

  abort(reason: unknown): void {
    if (this.cause) return;
    this.cause = { reason };
    this.controller?.abort(reason);
  }
}

/** Aborts when one of them does. */
export function eitherSignal(signal: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other ? AbortSignal.any([signal, other]) : signal;
}

/** Calls `listener` with the signal's reason when it aborts, at once if it has; returns what stops listening. */
export function onAbort(signal: AbortSignal, listener: (reason: unknown) => void): () => void {
  if (signal.aborted) {
    listener(signal.reason);
    return () => undefined;
  }
  const heard = (): void => listener(signal.reason);
  signal.addEventListener('abort', heard, { once: true });
  return () => signal.removeEventListener('abort', heard);
}
