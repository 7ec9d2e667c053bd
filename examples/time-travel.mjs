// Time travel: look at what a graph did, go back to before a decision, decide otherwise on a branch, and replay. What was stays.
//   node examples/time-travel.mjs
import { lastValueFrom, toArray } from 'rxjs';
import { append, lastValue } from 'rivulet/channels';
import { memoryCheckpointer, START, StateGraph } from 'rivulet/pregel';
import { isProgram } from './streamAnswer.mjs';

const PRICES = { train: 89, plane: 240 };

/** Plans a trip: how to go, what that costs, what is left for the hotel. */
export const planner = () =>
  new StateGraph({ budget: lastValue(0), by: lastValue(''), left: lastValue(0), log: append() })
    .addNode('choose', ({ budget }) => ({ by: budget > 500 ? 'plane' : 'train', log: `chose with a budget of ${budget}` }))
    .addNode('pay', ({ budget, by }) => ({ left: budget - PRICES[by], log: `paid ${PRICES[by]} for the ${by}` }))
    .addNode('stay', ({ left }) => ({ log: `${Math.floor(left / 80)} nights` }))
    .addEdge(START, 'choose')
    .addEdge('choose', 'pay')
    .addEdge('pay', 'stay')
    .compile({ checkpointer: memoryCheckpointer(), name: 'trip' });

/** Runs, looks back, and tries something else. */
export async function timeTravel(print = console.log) {
  const trip = planner();
  const thread = 'trip-1';
  await trip.invoke({ budget: 600 }, { thread });

  const history = await lastValueFrom(trip.getStateHistory({ thread }).pipe(toArray()));
  for (const { step, next, values } of history) print(`${step}: ${values.log.at(-1) ?? 'begun'}; then ${next.join(', ') || 'the end'}`);

  // Before it was paid, on a branch of its own: by train.
  const { checkpointId } = history.find(({ next }) => next.includes('pay'));
  await trip.fork({ thread, checkpointId }, 'by-train');
  await trip.updateState({ thread, branch: 'by-train' }, { by: 'train', log: 'chose the train after all' });
  const otherwise = await trip.invoke(null, { thread, branch: 'by-train' });
  print(`by-train: ${otherwise.log.join(', ')}`);

  // Replayed from there as it was: the same again, on a branch that is named by the run.
  const again = await trip.invoke(null, { thread, checkpointId, runId: 'replay' });
  const main = await trip.getState({ thread });
  print(`replay: ${again.log.join(', ')}`);
  print(`main, as it was: ${main.values.log.join(', ')}`);
}

if (isProgram(import.meta.url)) await timeTravel();
