/** An `AbortSignal` that is made when somebody asks for it. */
export class LazySignal {
  private controller: AbortController | undefined;
  private reason: (() => unknown) | undefined;

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.reason) this.controller.abort(this.reason());
    }
    return this.controller.signal;
  }

  get aborted(): boolean {
    return this.reason !== undefined;
  }

  /** @param reason is asked for when somebody has the signal: an error, with its stack, costs more than the rest of a short run */
  abort(reason: () => unknown): void {
    if (this.reason) return;
    this.reason = reason;
    this.controller?.abort(reason());
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
