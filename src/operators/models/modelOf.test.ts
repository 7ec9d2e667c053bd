import { expect, test } from '@jest/globals';
import { modelOf } from './modelOf.js';

test('a model’s id names its provider and itself; the model’s part may hold colons', () => {
  expect(modelOf('openai:gpt-5')).toEqual({ provider: 'openai', model: 'gpt-5' });
  expect(modelOf('openai:ft:gpt-4o:acme')).toEqual({ provider: 'openai', model: 'ft:gpt-4o:acme' });
  expect(modelOf('scripted')).toEqual({ model: 'scripted' });
});
