import { describe, expect, test } from '@jest/globals';
import { tool } from './tool.js';
import { toolkit } from './toolkit.js';

const named = (name: string) => tool({ name, input: { type: 'object' }, run: () => name });
const search = tool.provider('openai', { type: 'web_search' });

describe('a kit', () => {
  test('finds tools by name, and tells a model of all of them in order', () => {
    const [a, b] = [named('a'), named('b')];
    const kit = toolkit(a, search, b);
    expect(kit.get('b')).toBe(b);
    expect(kit.get('c')).toBeUndefined();
    expect(kit.get('__proto__')).toBeUndefined();
    expect(kit.names).toEqual(['a', 'b']);
    expect(kit.definitions).toEqual([a.definition, search, b.definition]);
    expect(toolkit(...kit, named('c')).definitions).toHaveLength(4);
  });

  test('refuses two tools of one name', () => {
    expect(() => toolkit(named('a'), named('b'), named('a'))).toThrow("TOOL_DUPLICATE: two tools are named 'a'");
  });

  test.each([[{}], [undefined], [null], ['tool'], [() => 'tool'], [{ name: 'a', run: () => 1 }], [Object.create(null)]])('refuses what is no tool', (entry) => {
    expect(() => toolkit(entry as never)).toThrow('TOOL_SCHEMA');
  });

  test('may be empty', () => {
    expect([...toolkit()]).toEqual([]);
  });
});
