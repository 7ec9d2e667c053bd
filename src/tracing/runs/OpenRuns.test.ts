import { expect, test } from '@jest/globals';
import type { RunEvent } from '../../core/events/RunEvent.js';
import { onRun } from '../onRun.js';

test('runs that never end fill no memory: of too many the oldest are forgotten, and the others end', () => {
  const ended: string[] = [];
  const tap = onRun({ end: ({ id }) => ended.push(id) });
  const head = { seq: 0, at: 0, path: [] };
  const begin = (runId: string): RunEvent => ({ ...head, type: 'run_start', runId, name: 'x', kind: 'chain', traceId: runId, parentRunId: undefined, order: 1, attempt: 1, tags: [], metadata: {}, input: 1 });
  for (let index = 0; index <= 2 ** 18; index++) tap.next(begin(`${index}`));
  for (const runId of ['0', '32767', '32768', '262144']) tap.next({ ...head, type: 'run_end', runId, status: 'done' });
  expect(ended).toEqual(['32768', '262144']);
});
