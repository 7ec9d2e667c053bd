import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, of, range, reduce, map } from 'rxjs';
import { chain } from '../../core/flow/chain.js';
import { flow } from '../../core/flow/flow.js';
import { assistant } from '../messages/assistant.js';
import { concatChunks } from '../messages/concatChunks.js';
import type { MessageChunk } from '../messages/Message.js';
import { messageChunk } from '../messages/messageChunk.js';
import { textOf } from '../messages/textOf.js';
import { text } from './text.js';

const told = (chunks: readonly MessageChunk[]) => flow('told', () => from(chunks));

describe('text', () => {
  test('is what the chunks add, and never empty', () => {
    const seen: string[] = [];
    const chunks = [{ text: 'Hel' }, { text: '' }, { reasoning: 'hm' }, { toolCalls: [{ index: 0, id: 'c', name: 'f' }] }, { text: 'lo' }, { finishReason: 'stop' as const }];
    from(chunks.map((fields) => messageChunk({ id: 'm1', ...fields }))).pipe(text()).subscribe((delta) => seen.push(delta));
    expect(seen).toEqual(['Hel', 'lo']);
  });

  test('of strings is those strings, and of a whole message its text', async () => {
    expect(await text().invoke('Hello')).toBe('Hello');
    expect(await text().invoke(assistant('Hello', { id: 'm1' }))).toBe('Hello');
  });

  test('of an answer without text is empty', async () => {
    expect(await chain(told([messageChunk({ id: 'm1', finishReason: 'stop' })]), text()).invoke(0)).toBe('');
  });

  test('folds to the text of the message that the chunks fold to', async () => {
    const fields = fc.record({ id: fc.constantFrom('m1', 'm1', 'm1', 'm2'), text: fc.string(), reasoning: fc.string() }, { requiredKeys: ['id'] });
    await fc.assert(
      fc.asyncProperty(fc.array(fields.map(messageChunk), { minLength: 1 }), async (chunks) => {
        expect(await chain(told(chunks), text()).invoke(0)).toBe(textOf(concatChunks(chunks)));
      }),
    );
  });

  test('goes synchronously through 100,000 chunks', () => {
    let length = 0;
    range(0, 100_000).pipe(map(() => messageChunk({ id: 'm1', text: 'x' })), text(), reduce((sum, delta) => sum + delta.length, 0)).subscribe((sum) => (length = sum));
    expect(length).toBe(100_000);
  });

  test('is a parser span in a watched run', () => {
    const spans: unknown[] = [];
    chain(flow('source', () => of('a', 'b')), text()).events(0).subscribe((event) => {
      if (event.type === 'span_start' || event.type === 'span_end') spans.push([event.type, 'kind' in event ? event.kind : event.output]);
    });
    expect(spans).toEqual([['span_start', 'parser'], ['span_end', 'ab']]);
  });
});
