/**
 * A real HTTP server on loopback whose answers are scripted, to drive a provider's real SDK against.
 *
 *   const server = await WireServer.start();
 *   server.respond(json({ ok: true }), sse([frame({ n: 1 }), frame('[DONE]')], { pieceBytes: 3 }));
 *   … a client calls `${server.url}/v1/anything` twice …
 *   server.exchanges[0].request.body            // what it sent, parsed
 *   await server.close();
 *
 * The nth request gets the nth handler, the last handler repeats. A handler is `(exchange) => void | Promise<void>`; made for
 * the usual cases by:
 *
 *   json(body, { status, headers })             a whole answer; `status: 429, headers: { 'retry-after': '2' }` a refusal
 *   sse(frames, { pieceBytes, ending, status, headers })
 *                                               frames (strings or bytes) one after another; `pieceBytes` cuts the whole in pieces
 *                                               of that many bytes, also inside a UTF-8 character: each arrives on its own;
 *                                               `ending`: 'end' (default), 'destroy' (breaks the socket), 'hang' (stays open)
 *   hang()                                      takes the request and never answers
 *   flood(frameAt, count, last, first)          `first`, `count` frames as fast as the client takes them, `last`; see `exchange.stalled()`
 *
 * Frames: `frame(data, event?)` (an SSE event; objects become JSON), `comment(text)` (a keep-alive).
 *
 * By hand, on an exchange: `head(headers?)`, `write(text | bytes)` (resolves when the socket takes more), `end()`, `destroy()`.
 *
 * What a test waits for, without sleeping: `server.arrived(n)` (the nth request, from 1), `exchange.closed` ('finished', or
 * 'aborted' when the client broke off), `exchange.stalled()` ('stalled' when the socket takes no more for many turns of the
 * event loop, 'finished' when all went out), `turns(n)` (turns of the event loop). `exchange.acceptedBytes` counts what the
 * server has handed to the client's side.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type WireHandler = (exchange: WireExchange) => void | Promise<void>;

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The text, parsed, if it is JSON. */
  readonly body: unknown;
}

/** Turns of the event loop: sockets get theirs too. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export class WireServer {
  readonly exchanges: WireExchange[] = [];
  private handlers: readonly WireHandler[] = [];
  private readonly sockets = new Set<Socket>();
  private waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  private answered = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => void this.take(request, response));
  }

  static async start(): Promise<WireServer> {
    const server = createServer({ noDelay: true });
    const wire = new WireServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections that the clients hold open, keep-alive ones too. */
  get openSockets(): number {
    return this.sockets.size;
  }

  /** Sets the script, from the next request on. */
  respond(...handlers: readonly WireHandler[]): this {
    this.handlers = handlers;
    this.answered = 0;
    return this;
  }

  /** Forgets the requests so far. */
  forget(): void {
    this.exchanges.length = 0;
  }

  async arrived(count = 1): Promise<WireExchange> {
    if (this.exchanges.length < count) await new Promise<void>((resolve) => this.waiting.push({ count, resolve }));
    return this.exchanges[count - 1] as WireExchange;
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    return closed;
  }

  private async take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new WireExchange(await readRequest(message), response);
    this.exchanges.push(exchange);
    const handler = this.handlers[Math.min(this.answered++, this.handlers.length - 1)];
    const due = this.waiting.filter(({ count }) => count <= this.exchanges.length);
    this.waiting = this.waiting.filter((entry) => !due.includes(entry));
    for (const { resolve } of due) resolve();
    if (handler) await handler(exchange);
    else exchange.json({ error: { message: 'the test scripted no answer' } }, { status: 500 });
  }
}

async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  const { method = '', url: path = '', headers } = message;
  return { method, path, headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface HeadOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export class WireExchange {
  /** 'finished', or 'aborted' when the connection closed before the whole answer was out. */
  readonly closed: Promise<'finished' | 'aborted'>;
  acceptedBytes = 0;
  private blocked = false;
  private gone = false;

  constructor(
    readonly request: WireRequest,
    private readonly response: ServerResponse,
  ) {
    this.closed = new Promise((resolve) =>
      response.on('close', () => {
        this.gone = true;
        resolve(response.writableFinished ? 'finished' : 'aborted');
      }),
    );
  }

  /** The client is gone, or the answer is out. */
  get isClosed(): boolean {
    return this.gone;
  }

  json(body: unknown, { status = 200, headers }: HeadOptions = {}): void {
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  /** Begins an answer that is written by hand; by default an event stream. */
  head({ status = 200, headers }: HeadOptions = {}): this {
    this.response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
    this.response.flushHeaders();
    return this;
  }

  /** Each write arrives as a piece of its own. Resolves when the socket takes more, or is closed. */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.gone) return;
    this.acceptedBytes += typeof data === 'string' ? Buffer.byteLength(data) : data.length;
    if (this.response.write(data)) return;
    this.blocked = true;
    await new Promise<void>((resolve) => {
      const on = (): void => {
        this.response.off('drain', on).off('close', on);
        resolve();
      };
      this.response.on('drain', on).on('close', on);
    });
    this.blocked = false;
  }

  end(): void {
    this.response.end();
  }

  /** Breaks the connection off. What was written goes out first. */
  async destroy(): Promise<void> {
    await turns(2);
    this.response.socket?.resetAndDestroy();
  }

  /** Whether the socket stopped taking more: blocked, and no byte accepted for many turns of the event loop. */
  async stalled(quietTurns = 300): Promise<'stalled' | 'finished'> {
    for (let quiet = 0, seen = -1; quiet < quietTurns; ) {
      if (this.gone || this.response.writableFinished) return 'finished';
      quiet = this.blocked && this.acceptedBytes === seen ? quiet + 1 : 0;
      seen = this.acceptedBytes;
      await turns(1);
    }
    return 'stalled';
  }
}

/** An SSE event. */
export function frame(data: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** An SSE comment, as servers send to keep a connection alive. */
export const comment = (text = 'keep-alive'): string => `: ${text}\n\n`;

export const json =
  (body: unknown, options?: HeadOptions): WireHandler =>
  (exchange) =>
    exchange.json(body, options);

export interface SseOptions extends HeadOptions {
  readonly pieceBytes?: number;
  readonly ending?: 'end' | 'destroy' | 'hang';
}

export const sse =
  (frames: readonly (string | Uint8Array)[], { pieceBytes, ending = 'end', ...head }: SseOptions = {}): WireHandler =>
  async (exchange) => {
    exchange.head(head);
    for (const piece of pieceBytes === undefined ? frames : cut(frames, pieceBytes)) await exchange.write(piece);
    if (ending === 'end') exchange.end();
    else if (ending === 'destroy') await exchange.destroy();
  };

/** The frames' bytes in pieces of `size`, wherever that cuts. */
export function cut(frames: readonly (string | Uint8Array)[], size: number): readonly Uint8Array[] {
  const all = Buffer.concat(frames.map((one) => (typeof one === 'string' ? Buffer.from(one) : one)));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.subarray(index * size, (index + 1) * size));
}

export const hang = (): WireHandler => () => undefined;

/** Writes `count` frames, only as fast as the client takes them, then `last`. */
export const flood =
  (frameAt: (index: number) => string, count: number, last: readonly string[] = [], first: readonly string[] = []): WireHandler =>
  async (exchange) => {
    exchange.head();
    for (const one of first) await exchange.write(one);
    for (let index = 0; index < count && !exchange.isClosed; index += 64) {
      let block = '';
      for (let n = index; n < Math.min(index + 64, count); n++) block += frameAt(n);
      await exchange.write(block);
    }
    for (const one of last) await exchange.write(one);
    exchange.end();
  };
