import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A part of a form, as the samples of the wire have it. */
export interface Part {
  readonly name: string;
  readonly contentType: string;
  readonly body: unknown;
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: { readonly parts?: readonly Part[]; readonly post?: readonly WireRun[]; readonly patch?: readonly WireRun[] } | undefined;
}

/** A run as it is on the wire. */
export type WireRun = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const INFO = {
  version: '0.16.20',
  batch_ingest_config: { use_multipart_endpoint: true, size_limit: 100, size_limit_bytes: 20_971_520 },
  instance_flags: { gzip_body_enabled: true },
};

/** A server that takes runs as LangSmith does, and keeps what it was sent. */
export class LangsmithServer {
  readonly received: Received[] = [];
  /** What it answers in place of taking runs; `undefined` takes them. */
  answer: (received: Received) => Answer | undefined = () => undefined;
  /** Drops every connection. */
  down = false;
  private readonly server = createServer((request, response) => void this.handle(request, response));

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The parts of all multipart requests. */
  get parts(): readonly Part[] {
    return this.received.flatMap(({ body }) => body?.parts ?? []);
  }

  /** The runs that it has, by id: a patch is put over its post, as LangSmith does. */
  get runs(): ReadonlyMap<string, WireRun> {
    const runs = new Map<string, WireRun>();
    for (const { id, ...fields } of this.received.flatMap(operationsOf)) runs.set(id, { ...runs.get(id), ...fields, id });
    return runs;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.down) return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = receivedOf(request, Buffer.concat(chunks));
    const { status, body, headers } = this.answer(received) ?? (received.path === '/info' ? { status: 200, body: INFO } : { status: 202, body: {} });
    if (status < 300) this.received.push(received);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body ?? {}));
  }
}

function receivedOf({ method = '', url = '', headers }: IncomingMessage, bytes: Buffer): Received {
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  return { method, path: url, headers: headers as Received['headers'], body: bodyOf(text, headers['content-type'] ?? '') };
}

/** What a request says, by its content type. */
export function bodyOf(text: string, type: string): Received['body'] {
  if (type.startsWith('multipart/')) return { parts: partsOf(text, type) };
  return text === '' ? undefined : (JSON.parse(text) as Received['body']);
}

function partsOf(text: string, type: string): readonly Part[] {
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? '';
  const [before, ...parts] = text.split(`--${boundary}`);
  if (before !== '' || parts.pop() !== '--\r\n') throw new Error('not a form');
  return parts.map((part) => {
    const [, name = '', contentType = '', json = ''] = /^\r\nContent-Disposition: form-data; name="([^"]+)"\r\nContent-Type: ([^\r]+)\r\n\r\n([^]*)\r\n$/.exec(part) ?? [];
    return { name, contentType, body: JSON.parse(json) as unknown };
  });
}

/** The runs of a request: parts are put together. */
export function operationsOf({ body }: Pick<Received, 'body'>): readonly WireRun[] {
  if (!body?.parts) return [...(body?.post ?? []), ...(body?.patch ?? [])];
  const runs = new Map<string, Record<string, unknown>>();
  for (const { name, body: value } of body.parts) {
    const [, op = '', id = '', field] = /^(post|patch)\.([^.]+)(?:\.(.+))?$/.exec(name) ?? [];
    const run = runs.get(op + id) ?? {};
    runs.set(op + id, Object.assign(run, field === undefined ? value : { [field]: value }));
  }
  return [...runs.values()] as unknown as readonly WireRun[];
}
