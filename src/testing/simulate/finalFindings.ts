import type { Observable } from 'rxjs';
import type { CheckpointHead } from '../../pregel/checkpoints/Checkpointer.js';
import { deepEqual } from '../deepEqual.js';
import { show } from '../show.js';
import { expectedState } from './expectedState.js';
import type { JobState } from './simulatedGraph.js';
import { LANES, type Lane, type World } from './World.js';

/** What is wrong with what the store holds in the end: for a world that ended without findings. */
export function finalFindings(world: World): readonly string[] {
  const findings: string[] = [];
  const store = world.viewOf(world.store);
  const all = new Set<string>();
  for (const lane of LANES) {
    const history = listed(store.history({ thread: 't', namespace: '', branch: lane.branch }));
    for (const { id } of history) all.add(id);
    findings.push(...historyFindings(lane, history));
    const head = world.lookout.at(lane.branch);
    findings.push(...(head ? stateFindings(lane, head.values) : [`${lane.branch} is gone`]));
  }
  for (const id of world.acknowledgedIds) if (!all.has(id)) findings.push(`commit ${id} was acknowledged, and isn't in the history`);
  return findings;
}

/** Each commit was made on the one before, and no superstep twice. */
function historyFindings({ branch }: Lane, newestFirst: readonly CheckpointHead[]): readonly string[] {
  const findings: string[] = [];
  for (const [i, { id, parentId, step }] of newestFirst.entries()) {
    const before = newestFirst[i + 1];
    if (parentId !== before?.id) findings.push(`the history of ${branch} isn't linear: ${id} was made on ${parentId}, and follows ${before?.id}`);
    if (before && step <= before.step) findings.push(`superstep ${step} of ${branch} was committed again, after ${before.step}: ${id}`);
  }
  return findings;
}

/** All that was to be done was done once, in order, and each answer arrived where it belongs. */
function stateFindings(lane: Lane, { answers, ...state }: JobState): readonly string[] {
  const findings: string[] = [];
  const { questions, ...expected } = expectedState(lane.jobs);
  if (!deepEqual(state, expected)) findings.push(`${lane.branch} ended as ${show(state)} instead of ${show(expected)}`);
  const asked = answers.map(({ question }) => question);
  if (!deepEqual(asked, questions)) findings.push(`${lane.branch} was answered ${show(asked)} instead of ${show(questions)}`);
  for (const { question, answer } of answers) if (answer.to !== question) findings.push(`an answer reached the wrong question: ${question}, ${show(answer)}`);
  return findings;
}

function listed<T>(source: Observable<T>): readonly T[] {
  const values: T[] = [];
  source.subscribe((value) => values.push(value));
  return values;
}
