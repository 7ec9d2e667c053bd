import { describe, expect, test } from '@jest/globals';
import { limitedEvents } from './limitedEvents.js';

const MB = 2 ** 20;

async function passed(pieces: readonly string[]): Promise<number> {
  let bytes = 0;
  const { readable, writable } = limitedEvents('acme');
  const writer = writable.getWriter();
  const write = async (): Promise<void> => {
    for (const piece of pieces) await writer.write(new TextEncoder().encode(piece));
    await writer.close();
  };
  const written = write().catch(() => undefined);
  const reader = readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length;
  await written;
  return bytes;
}

describe('limitedEvents', () => {
  test.each(['\n\n', '\r\n\r\n'])('passes any number of bytes in events that end (%j)', async (end) => {
    const event = 'x'.repeat(4 * MB) + end;
    expect(await passed(Array.from({ length: 10 }, () => event))).toBe(10 * event.length);
  });

  test('errors with MODEL_PROTOCOL once an event is longer than 16 MB, also one of many lines', async () => {
    const lines = `data: ${'x'.repeat(MB)}\n`;
    await expect(passed(Array.from({ length: 17 }, () => lines))).rejects.toMatchObject({ code: 'MODEL_PROTOCOL', provider: 'acme', message: expect.stringContaining('16 MB') });
  });
});
