import { expect, test } from '@jest/globals';
import { OpenRuns } from './OpenRuns.js';

test('runs that never end fill no memory: of too many the oldest are forgotten, an eighth at once', () => {
  const open = new OpenRuns<number>(16);
  for (let run = 0; run < 16; run++) open.set(`${run}`, run);
  expect(open.size).toBe(16);
  open.set('16', 16);
  expect([...open.values()]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
});
