/** A run in another process, of which one here is a part: `remoteParent` reads it off a request. */
export interface RemoteRun {
  readonly runId: string;
  readonly traceId: string;
  /** Its place in its trace. */
  readonly dottedOrder?: string;
  /** Whether its process says that it records the trace; `undefined` if it doesn't say. */
  readonly isSampled?: boolean;
  /** What other tracing systems say of the trace, to be passed on as it is: a W3C `tracestate`. */
  readonly traceState?: string;
  /** Where its process files the trace. */
  readonly project?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}
