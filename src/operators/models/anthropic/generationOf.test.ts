import { expect, test } from '@jest/globals';
import { generationOf } from './generationOf.js';

test.each([
  ['claude-sonnet-5-5', 505],
  ['claude-sonnet-5', 500],
  ['claude-opus-4-6', 406],
  ['claude-haiku-4-5-20251001', 405],
  ['claude-opus-4-20250514', 400],
  ['claude-opus-4@20250514', 400],
  ['claude-3-7-sonnet-20250219', 307],
  ['claude-3-opus-20240229', 300],
  ['claude-2.1', 201],
  ['us.anthropic.claude-sonnet-4-6-v1:0', 406],
  ['claude-mythos-preview', Infinity],
  ['qwen-3-5', undefined],
])('%s is of generation %s', (model, generation) => {
  expect(generationOf(model)).toBe(generation);
});
