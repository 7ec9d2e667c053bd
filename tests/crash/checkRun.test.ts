import { describe, expect, test } from '@jest/globals';
import { checkRun, type RunEvidence } from './checkRun.js';
import type { SideLine } from './SideLog.js';

const STATE = { round: 1, log: ['a', 'b', 'c'], total: 2 };
const EXPECTED = { state: STATE, supersteps: 2, tasks: 3, keptAtOnce: true };
const HISTORY = [
  { checkpointId: 'c2', parentId: 'c1', step: 1 },
  { checkpointId: 'c1', parentId: 'c0', step: 0 },
  { checkpointId: 'c0', parentId: undefined, step: -1 },
];

const load = (head: string | undefined, ...kept: string[]): SideLine => ({ at: 'load', head, kept });
const start = (task: string): SideLine => ({ at: 'start', task });
const end = (task: string): SideLine => ({ at: 'end', task });

/** Killed while c1's task b was in flight and its sibling had finished. */
const KILLED = [load(undefined), start('c0/a'), end('c0/a'), start('c1/b'), start('c1/c'), end('c1/c'), end('c1/b')].slice(0, -1);
const GOOD: RunEvidence = { processes: [[...KILLED, { at: 'dying', inCommit: false }], [load('c1', 'c1/c'), start('c1/b'), end('c1/b')]], history: HISTORY, state: STATE };

const problemsOf = (patch: Partial<RunEvidence>): readonly string[] => checkRun({ ...GOOD, ...patch }, EXPECTED).problems;
const thenDone = (...lines: SideLine[]): readonly string[] => problemsOf({ processes: [KILLED, lines] });

describe('what is looked for after a crash', () => {
  test('a run that went on with what was in flight is as it must be', () => {
    expect(checkRun(GOOD, EXPECTED)).toEqual({ problems: [], reruns: 1, kept: 1 });
  });

  test.each<[string, readonly string[], RegExp]>([
    ['a superstep that was committed, and ran again', thenDone(load('c1', 'c1/c'), start('c0/a'), end('c0/a'), start('c1/b'), end('c1/b')), /committed before/],
    ['a task that ran twice in a process', thenDone(load('c1', 'c1/c'), start('c1/b'), start('c1/b'), end('c1/b')), /twice/],
    ['kept writes, and their task ran again', thenDone(load('c1', 'c1/c'), start('c1/b'), start('c1/c'), end('c1/b')), /were kept/],
    ['a finished task whose writes were not kept', problemsOf({ processes: [[...KILLED, start('c1/b')], [load('c1'), start('c1/b'), start('c1/c'), end('c1/b'), end('c1/c')]] }), /had finished before/],
    ['a task of a checkpoint that is gone', thenDone(load('c1', 'c1/c'), start('x/b'), end('x/b')), /isn't in the history/],
    ['a task that was never run', problemsOf({ processes: [KILLED.slice(0, 3)] }), /1 tasks ran, and 3 were due/],
    ['a task that never ended', thenDone(load('c1', 'c1/c'), start('c1/b')), /never came to its end/],
    ['another state', problemsOf({ state: { ...STATE, total: 3 } }), /it ended with/],
    ['a superstep that is missing', problemsOf({ history: HISTORY.slice(0, 2) }), /2 commits/],
    ['a superstep that was committed twice', problemsOf({ history: [{ checkpointId: 'd1', parentId: 'c1', step: 1 }, ...HISTORY] }), /isn't linear/],
  ])('found is %s', (_name, problems, message) => {
    expect(problems.join('\n')).toMatch(message);
  });
});
