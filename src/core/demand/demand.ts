/** Downstream's willingness to receive, as seen by whoever is about to emit. */
export interface Demand {
  readonly ready: boolean;
  /** Call it only while not `ready`: `resume` is called once, when `ready` next turns true. Returns a canceller. */
  whenReady(resume: () => void): () => void;
}

const cancelNothing = (): void => undefined;

/** What a source sees when no boundary is downstream of it: a plain `subscribe` exerts no pressure. */
export const UNBOUNDED: Demand = { ready: true, whenReady: () => cancelNothing };
