import { isDeepStrictEqual } from 'node:util';
import type { CrashState } from './crashGraph.js';
import type { SideLine } from './SideLog.js';

/** What is left of a run that was killed and went on until its end. */
export interface RunEvidence {
  readonly processes: readonly (readonly SideLine[])[];
  /** Newest first. */
  readonly history: readonly { readonly checkpointId: string; readonly parentId: string | undefined; readonly step: number }[];
  readonly state: CrashState | undefined;
}

/** An undisturbed run, to compare with. */
export interface Expected {
  readonly state: CrashState;
  readonly supersteps: number;
  readonly tasks: number;
  /** Whether the writes of a task are stored before anything else happens in its process. */
  readonly keptAtOnce: boolean;
}

export interface RunFindings {
  /** What isn't as it must be. */
  readonly problems: readonly string[];
  /** Tasks that were in flight at a kill, and ran again. */
  readonly reruns: number;
  /** Siblings that had finished before a kill, and didn't. */
  readonly kept: number;
}

const checkpointOf = (task: string): string => task.slice(0, task.indexOf('/'));

/** Holds a run to what a crash may cost: the tasks in flight, and nothing else. */
export function checkRun(evidence: RunEvidence, expected: Expected): RunFindings {
  const problems = [...historyProblems(evidence, expected)];
  const place = new Map([...evidence.history].reverse().map(({ checkpointId }, at) => [checkpointId, at]));
  const started = new Set<string>();
  const ended = new Set<string>();
  const settled = new Set<string>();
  let reruns = 0;
  let kept = 0;
  for (const [process, lines] of evidence.processes.entries()) {
    const own = new Set<string>();
    let head: Extract<SideLine, { at: 'load' }> | undefined;
    let last: string | undefined;
    for (const line of lines) {
      if (last !== undefined && line.at !== 'dying') settled.add(last);
      last = undefined;
      if (line.at === 'load' && own.size === 0) head = line;
      if (line.at === 'end') ended.add((last = line.task));
      if (line.at !== 'start') continue;
      const { task } = line;
      const at = place.get(checkpointOf(task));
      if (at === undefined) problems.push(`process ${process} ran ${task}, of a checkpoint that isn't in the history`);
      else if (at < (place.get(head?.head ?? '') ?? 0)) problems.push(`process ${process} ran ${task} of a superstep that was committed before it started`);
      if (own.has(task)) problems.push(`process ${process} ran ${task} twice`);
      if (head?.kept.includes(task)) problems.push(`process ${process} ran ${task}, whose writes were kept`);
      if (expected.keptAtOnce && settled.has(task)) problems.push(`process ${process} ran ${task}, which had finished before`);
      if (started.has(task)) reruns++;
      own.add(task);
      started.add(task);
    }
    kept += head?.kept.length ?? 0;
  }
  if (started.size !== expected.tasks) problems.push(`${started.size} tasks ran, and ${expected.tasks} were due`);
  for (const task of started) if (!ended.has(task)) problems.push(`${task} never came to its end`);
  return { problems, reruns, kept };
}

function* historyProblems({ history, state }: RunEvidence, expected: Expected): Generator<string> {
  if (!isDeepStrictEqual(state, expected.state)) yield `it ended with ${JSON.stringify(state)}`;
  if (history.length !== expected.supersteps + 1) yield `${history.length} commits for the input and ${expected.supersteps} supersteps`;
  for (const [at, { parentId, step }] of history.entries()) {
    const parent = history[at + 1];
    if (parentId !== parent?.checkpointId) yield `the history isn't linear at step ${step}`;
    if (step !== history.length - 2 - at) yield `step ${step} is at place ${at} of the history`;
  }
}
