import type { VirtualClock } from 'rivulet/testing';
import { bodyOf, operationsOf, type WireRun } from './langsmithServer.js';

/** What becomes of a request: refused, lost before or after it was taken, or taken, after a while. */
export type Fate = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'lost' | 'answer lost' | { readonly afterMs: number };

/** A server in virtual time, whose requests are as `fate` says. */
export class VirtualServer {
  readonly runs = new Map<string, WireRun>();
  requests = 0;
  parts = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly fate: (request: number) => Fate,
    /** What it keeps of a run. */
    private readonly kept: (run: WireRun) => WireRun = (run) => run,
  ) {}

  readonly fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    if (String(url).endsWith('/info')) return Response.json({});
    const fate = this.fate(++this.requests);
    if (fate === 'lost') throw new TypeError('fetch failed');
    if (typeof fate === 'object' && 'status' in fate) return new Response('', fate);
    if (typeof fate === 'object') await new Promise((resolve) => this.clock.schedule(() => resolve(undefined), fate.afterMs));
    init?.signal?.throwIfAborted();
    this.take(bodyOf(init?.body as string, new Headers(init?.headers).get('content-type') ?? ''));
    if (fate === 'answer lost') throw new TypeError('fetch failed');
    return new Response('{}', { status: 202 });
  };

  private take(body: ReturnType<typeof bodyOf>): void {
    for (const run of operationsOf({ body })) {
      this.parts++;
      this.runs.set(run.id, { ...this.runs.get(run.id), ...this.kept(run) });
    }
  }
}
