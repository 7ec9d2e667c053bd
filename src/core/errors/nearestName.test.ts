import { expect, test } from '@jest/globals';
import { nearestName } from './nearestName.js';

const known = ['get_weather', 'search', 'add'];

test.each([
  ['serch', 'search'],
  ['Search', 'search'],
  ['getWeather', 'get_weather'],
  ['functions.add', undefined],
  ['ad', 'add'],
  ['translate', undefined],
  ['', undefined],
  ['x'.repeat(1_000_000), undefined],
])('%.20s resembles %s', (given, expected) => {
  expect(nearestName(given, known)).toBe(expected);
});

test('the nearest of several wins, and without any there is none', () => {
  expect(nearestName('red', ['read', 'reed', 'red_'])).toBe('red_');
  expect(nearestName('add', [])).toBeUndefined();
});
