import type { RunOperation } from './langsmithRun.js';

/** Operations as parts of a form: the head of a run, and each of its fields, as JSON. `length` is what the official client says: characters. */
export function multipart(operations: readonly RunOperation[], boundary: string): string {
  const part = (name: string, json: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: application/json; length=${json.length}\r\n\r\n${json}\r\n`;
  const parts = inOrder(operations).flatMap(({ op, id, head, fields }) => [
    part(`${op}.${id}`, head),
    ...fields.map(([name, json]) => part(`${op}.${id}.${name}`, json)),
  ]);
  return `${parts.join('')}--${boundary}--\r\n`;
}

/** Operations as one JSON object, for servers without the multipart endpoint. */
export function batchJson(operations: readonly RunOperation[]): string {
  const runs = (wanted: RunOperation['op']): string => operations.filter(({ op }) => op === wanted).map(runJson).join(',');
  return `{"post":[${runs('post')}],"patch":[${runs('patch')}]}`;
}

/** Posts first. */
const inOrder = (operations: readonly RunOperation[]): readonly RunOperation[] => [...operations.filter(({ op }) => op === 'post'), ...operations.filter(({ op }) => op === 'patch')];

const runJson = ({ head, fields }: RunOperation): string => `${head.slice(0, -1)}${fields.map(([name, json]) => `,"${name}":${json}`).join('')}}`;
