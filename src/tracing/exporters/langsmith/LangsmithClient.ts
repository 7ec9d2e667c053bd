import { catchError, concat, defer, map, of, switchMap, tap, throwError, timeout, type Observable, type SchedulerLike } from 'rxjs';
import { platform } from '../../../core/bridge/platform.js';
import { abortable } from '../abortable.js';
import { HttpError } from '../HttpError.js';
import type { LangsmithDestination } from './langsmithDestinations.js';
import type { LangsmithConfig } from './langsmithOptions.js';
import type { LangsmithRequest } from './LangsmithRequest.js';
import { operationBytes, type RunOperation } from './langsmithRun.js';
import { batchJson, multipart } from './multipart.js';

/** What the server can take, of what it tells. */
interface ServerInfo {
  readonly batch_ingest_config?: { readonly use_multipart_endpoint?: boolean; readonly size_limit?: number; readonly size_limit_bytes?: number };
  readonly instance_flags?: { readonly gzip_body_enabled?: boolean };
}

const INFO_TIMEOUT_MS = 10_000;
const DEFAULT_RETRY_MS = 10_000;

/** Sends runs to one place at LangSmith as its official client does. */
export class LangsmithClient {
  private info: ServerInfo | undefined;
  private multipartIsMissing = false;

  constructor(
    private readonly config: Pick<LangsmithConfig, 'compress' | 'headers' | 'fetch'>,
    private readonly destination: LangsmithDestination,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** Completes when the server has taken all of them; what it has already (409) is taken. */
  send(operations: readonly RunOperation[]): Observable<unknown> {
    return this.serverInfo().pipe(switchMap(({ batch_ingest_config }) => concat(...chunks(operations, batch_ingest_config).map((chunk) => this.sendChunk(chunk)))));
  }

  /** What would be sent, as far as one knows the server. */
  requestOf(operations: readonly RunOperation[]): LangsmithRequest {
    if (this.multipartIsMissing || this.info?.batch_ingest_config?.use_multipart_endpoint === false) {
      return { path: '/runs/batch', body: batchJson(operations), headers: { 'Content-Type': 'application/json' } };
    }
    const boundary = `----LangSmithFormBoundary${platform.random().toString(36).slice(2)}`;
    return { path: '/runs/multipart', body: multipart(operations, boundary), headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` } };
  }

  private sendChunk(operations: readonly RunOperation[]): Observable<unknown> {
    return defer(() => {
      const request = this.requestOf(operations);
      if (request.path === '/runs/batch') return this.call(request.path, { ...request, accept: 'application/json' });
      const compress = this.config.compress && this.info?.instance_flags?.gzip_body_enabled === true && typeof CompressionStream !== 'undefined';
      return this.call(request.path, { ...request, compress }).pipe(
        catchError((error: unknown) => {
          if (!(error instanceof HttpError) || error.status !== 404) return throwError(() => error);
          this.multipartIsMissing = true;
          return this.sendChunk(operations);
        }),
      );
    });
  }

  /** Asked once. A server that has none takes all; one that can't be reached is asked again with the next batch. */
  private serverInfo(): Observable<ServerInfo> {
    if (this.info) return of(this.info);
    return this.call('/info', { accept: 'application/json' }).pipe(
      map((body) => JSON.parse(body) as ServerInfo),
      timeout({ first: INFO_TIMEOUT_MS, scheduler: this.scheduler }),
      catchError((error: unknown) => (error instanceof HttpError && !isBusy(error) ? of({}) : throwError(() => error))),
      tap((info) => (this.info = info)),
    );
  }

  /** The body of the answer. */
  private call(path: string, { body, headers, accept = '*/*', compress = false }: Call): Observable<string> {
    const { endpoint, apiKey, workspaceId } = this.destination;
    const all = new Headers(this.config.headers);
    const required = { ...headers, accept, 'x-api-key': apiKey, 'x-tenant-id': workspaceId, 'content-encoding': compress ? 'gzip' : undefined };
    for (const [name, value] of Object.entries(required)) if (value !== undefined) all.set(name, value);
    return abortable(async (signal) => {
      const request = body === undefined ? {} : { method: 'POST', body: compress ? await gzipped(body) : body };
      const response = await this.config.fetch(`${endpoint}${path}`, { ...request, headers: all, signal });
      const answer = await response.text(); // or its connection is never used again
      if (!response.ok && response.status !== CONFLICT) throw new HttpError(response, this.scheduler.now(), DEFAULT_RETRY_MS);
      return answer;
    });
  }
}

interface Call {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly compress?: boolean;
}

const CONFLICT = 409;

/** It has no time for the question now, rather than no answer to it. */
const isBusy = ({ status }: HttpError): boolean => status === 429 || status >= 500;

const gzipped = (text: string): Promise<ArrayBuffer> => new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();

/** As many at once as the server takes. One that is too large by itself goes alone: the server is to say so. */
function chunks(operations: readonly RunOperation[], { size_limit = Infinity, size_limit_bytes = Infinity }: ServerInfo['batch_ingest_config'] = {}): readonly (readonly RunOperation[])[] {
  const all: RunOperation[][] = [];
  let bytes = 0;
  for (const operation of operations) {
    const last = all.at(-1);
    const size = operationBytes(operation);
    bytes += size;
    if (last && last.length < size_limit && bytes <= size_limit_bytes) last.push(operation);
    else {
      all.push([operation]);
      bytes = size;
    }
  }
  return all;
}
