/** A run in another process, of which one here is a part: `remoteParent` reads it off a request. */
export interface RemoteRun {
  readonly runId: string;
  readonly traceId: string;
  /** Its place in its trace. */
  readonly dottedOrder?: string;
  /** Where its process files the trace. */
  readonly project?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}
