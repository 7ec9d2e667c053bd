import { catchError, concat, defer, map, of, switchMap, tap, throwError, timeout, type Observable, type SchedulerLike } from 'rxjs';
import { platform } from '../../../core/bridge/platform.js';
import { abortable } from '../abortable.js';
import { HttpError } from '../HttpError.js';
import type { LangsmithConfig } from './langsmithOptions.js';
import type { RunOperation } from './langsmithRun.js';
import { batchJson, multipart } from './multipart.js';

/** What the server can take, of what it tells. */
interface ServerInfo {
  readonly batch_ingest_config?: { readonly use_multipart_endpoint?: boolean; readonly size_limit?: number };
  readonly instance_flags?: { readonly gzip_body_enabled?: boolean };
}

const INFO_TIMEOUT_MS = 10_000;
const DEFAULT_RETRY_MS = 10_000;

/** Sends runs to LangSmith as its official client does. */
export class LangsmithClient {
  private info: ServerInfo | undefined;
  private multipartIsMissing = false;

  constructor(
    private readonly config: LangsmithConfig,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** Completes when the server has taken all of them; what it has already (409) is taken. */
  send(operations: readonly RunOperation[]): Observable<unknown> {
    return this.serverInfo().pipe(switchMap((info) => concat(...chunks(operations, info.batch_ingest_config?.size_limit ?? Infinity).map((chunk) => this.sendChunk(chunk, info)))));
  }

  private sendChunk(operations: readonly RunOperation[], { batch_ingest_config, instance_flags }: ServerInfo): Observable<unknown> {
    const asBatch = defer(() => this.call('/runs/batch', { body: batchJson(operations), type: 'application/json', accept: 'application/json' }));
    if (this.multipartIsMissing || batch_ingest_config?.use_multipart_endpoint === false) return asBatch;
    const boundary = `----LangSmithFormBoundary${platform.random().toString(36).slice(2)}`;
    const compress = this.config.compress && instance_flags?.gzip_body_enabled === true && typeof CompressionStream !== 'undefined';
    return this.call('/runs/multipart', { body: multipart(operations, boundary), type: `multipart/form-data; boundary=${boundary}`, compress }).pipe(
      catchError((error: unknown) => {
        if (!(error instanceof HttpError) || error.status !== 404) return throwError(() => error);
        this.multipartIsMissing = true;
        return asBatch;
      }),
    );
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
  private call(path: string, { body, type, accept = '*/*', compress = false }: Call): Observable<string> {
    const { endpoint, apiKey, workspaceId, fetch } = this.config;
    const headers: Record<string, string> = {
      ...(apiKey !== undefined && { 'x-api-key': apiKey }),
      ...(workspaceId !== undefined && { 'x-tenant-id': workspaceId }),
      ...(type !== undefined && { 'content-type': type }),
      ...(compress && { 'content-encoding': 'gzip' }),
      accept,
    };
    return abortable(async (signal) => {
      const request = body === undefined ? {} : { method: 'POST', body: compress ? await gzipped(body) : body };
      const response = await fetch(`${endpoint}${path}`, { ...request, headers, signal });
      const answer = await response.text(); // or its connection is never used again
      if (!response.ok && response.status !== CONFLICT) throw new HttpError(response, this.scheduler.now(), DEFAULT_RETRY_MS);
      return answer;
    });
  }
}

interface Call {
  readonly body?: string;
  readonly type?: string;
  readonly accept?: string;
  readonly compress?: boolean;
}

const CONFLICT = 409;

/** It has no time for the question now, rather than no answer to it. */
const isBusy = ({ status }: HttpError): boolean => status === 429 || status >= 500;

const gzipped = (text: string): Promise<ArrayBuffer> => new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => index * size);
  return size >= items.length ? [items] : starts.map((start) => items.slice(start, start + size));
}
