/** A request that brings runs. */
export interface LangsmithRequest {
  readonly path: '/runs/multipart' | '/runs/batch';
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}
