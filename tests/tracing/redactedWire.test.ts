import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { map } from 'rxjs';
import { chain, chat, lambda, messageChunk, pull, text, type ChatModel } from 'rivulet';
import { otelTracer } from 'rivulet/otel';
import { consoleTracer, fileTracer, langsmithTracer, redact, span, type ExportingTracer, type Tracer } from 'rivulet/tracing';
import { seededRandom } from '../../src/testing/seededRandom.js';
import { secrets } from '../../marble-tests/tracing/secrets.js';

const random = seededRandom(7);
const SECRETS = secrets(500, random).map(({ secret }) => secret);

/** A model that says back what it was told, cut at a random place. */
const echo = (secret: string): ChatModel => {
  const at = 1 + Math.floor(random() * (secret.length - 1));
  const pieces = ['It is ', secret.slice(0, at), secret.slice(at), ', keep it.'];
  return { id: 'test:echo', capabilities: {}, stream: (_request, run) => pull(pieces).pipe(map((piece) => messageChunk({ id: run.runId, text: piece }))) };
};

async function runAll(tracer: Tracer): Promise<void> {
  for (const secret of SECRETS) {
    const fails = span('fails', 'tool', lambda((said: string) => {
      throw new Error(`no use for ${said}`);
    }));
    await chain(chat(echo(secret)), text(), fails).invoke(`Remember ${secret}, please`, { tracer, metadata: { secret } }).catch(() => undefined);
  }
}

const BATCHES = '{"batch_ingest_config":{"use_multipart_endpoint":false}}';

/** A server that keeps what it is sent; below `/old` it is a LangSmith that knows but batches. */
async function receiver(): Promise<{ readonly url: string; readonly bodies: Buffer[]; readonly paths: Set<string>; readonly server: Server }> {
  const bodies: Buffer[] = [];
  const paths = new Set<string>();
  const server = createServer((request, response) => {
    paths.add(request.url ?? '');
    request.on('data', (piece: Buffer) => bodies.push(piece));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(request.url?.startsWith('/old') ? BATCHES : '{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, paths, server };
}

/** How much of a secret's end is looked for; and the ends by their first three bytes, as they are in a text of tens of megabytes. */
const END = 12;
const ENDS = new Set(SECRETS.map((secret) => secret.slice(-END)));
const BEGUN = new Uint8Array(2 ** 24);
for (const end of ENDS) BEGUN[(end.charCodeAt(0) << 16) | (end.charCodeAt(1) << 8) | end.charCodeAt(2)] = 1;

/** The ends of secrets that stand in bytes, which are gone through once for all of them. */
function found(bytes: Buffer): readonly string[] {
  const ends = new Set<string>();
  let three = 0;
  for (let at = 0; at < bytes.length; at++) {
    three = ((three << 8) | (bytes[at] as number)) & 0xffffff;
    if (BEGUN[three] !== 1) continue;
    const end = bytes.toString('latin1', at - 2, at - 2 + END);
    if (ENDS.has(end)) ends.add(end);
  }
  return [...ends];
}

test('the ends of all secrets are found where they stand', () => {
  expect(found(Buffer.from(SECRETS.join(' ')))).toEqual([...ENDS]);
});

test('500 secrets, in inputs, streams, outputs, errors and metadata: none in the bytes of any exporter', async () => {
  const { url, bodies, paths, server } = await receiver();
  const folder = await mkdtemp(join(tmpdir(), 'redacted-'));
  try {
    const file = fileTracer(join(folder, 'runs.ndjson'));
    const [langsmith, older] = [url, `${url}/old`].map((endpoint) => langsmithTracer({ endpoint, apiKey: 'key', enabled: true, compress: false })) as [ExportingTracer, ExportingTracer];
    const otel = otelTracer({ url: `${url}/v1/traces` });
    let drawn = '';
    const drawing = consoleTracer({ out: { write: (piece: string) => void (drawn += piece) } });
    const all: Tracer = { next: (event) => [file, langsmith, older, otel, drawing].forEach((tracer) => tracer.next(event)) };
    await runAll(redact()(all));
    await Promise.all([file.flush(), langsmith.flush(), older.flush(), otel.flush()]);
    expect([...paths].sort()).toEqual(['/info', '/old/info', '/old/runs/batch', '/runs/multipart', '/v1/traces']);
    const [stored, sent] = [await readFile(join(folder, 'runs.ndjson')), Buffer.concat(bodies)];
    expect([stored, sent, Buffer.from(drawn)].map(found)).toEqual([[], [], []]);
    expect([stored, sent].map((bytes) => bytes.toString('latin1').split('[redacted:').length > 500)).toEqual([true, true]);
    expect([file, langsmith, older, otel].map(({ dropped }) => dropped)).toEqual([0, 0, 0, 0]);
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
});
