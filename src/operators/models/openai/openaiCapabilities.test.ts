import { expect, test } from '@jest/globals';
import { openai } from './openai.js';
import { openaiCapabilities } from './openaiCapabilities.js';
import { openaiCompatible } from './openaiCompatible.js';
import { openaiResponses } from './openaiResponses.js';

const can = (model: string): string =>
  Object.entries(openaiCapabilities(model))
    .filter(([, yes]) => yes)
    .map(([what]) => what)
    .join(' ');

test.each([
  ['gpt-5', 'tools structuredOutput images files reasoning'],
  ['gpt-5-mini', 'tools structuredOutput images files reasoning'],
  ['gpt-5-chat-latest', 'tools structuredOutput images files'],
  ['gpt-4.1-nano', 'tools structuredOutput images files'],
  ['gpt-4o-2024-08-06', 'tools structuredOutput images files'],
  ['ft:gpt-4o-mini:acme::1', 'tools structuredOutput images files'],
  ['gpt-4o-audio-preview', 'tools audio'],
  ['gpt-4o-search-preview', 'structuredOutput images files'],
  ['o3', 'tools structuredOutput images files reasoning'],
  ['o3-mini', 'tools structuredOutput reasoning'],
  ['o1-mini', 'reasoning'],
  ['gpt-4-turbo', 'tools images'],
  ['gpt-4', 'tools'],
  ['gpt-4-0613', 'tools'],
  ['gpt-3.5-turbo', 'tools'],
  ['something-new', 'tools structuredOutput'],
])('%s can: %s', (model, expected) => {
  expect(can(model)).toBe(expected);
});

test('options know better', () => {
  expect(openai('gpt-4', { capabilities: { images: true } }).capabilities).toMatchObject({ tools: true, images: true });
  expect(openaiCompatible({ baseURL: 'http://localhost:1/v1', model: 'llava', capabilities: { images: true, tools: false } }).capabilities).toMatchObject({ images: true, tools: false, structuredOutput: true });
});

test('the Responses API takes no audio', () => {
  expect(openaiResponses('gpt-4o-audio-preview').capabilities.audio).toBe(false);
});

test.each([undefined, '', 5])('the name %j is INVALID_OPTION', (name) => {
  expect(() => openai(name as string)).toThrow(/INVALID_OPTION/);
});

test.each(['', 'localhost', 'localhost:11434/v1', 'file:///etc'])('the baseURL %j is INVALID_OPTION', (baseURL) => {
  expect(() => openaiCompatible({ baseURL, model: 'm' })).toThrow(/INVALID_OPTION/);
  expect(() => openaiCompatible({ baseURL, model: 'm', name: 'mine' })).toThrow(/INVALID_OPTION/);
});
