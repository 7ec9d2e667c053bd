import { assertEqual } from '../assertEqual.js';
import { seededRandom } from '../seededRandom.js';
import { delta, snapshot, type CheckpointerProbe, type ConformanceCase } from './CheckpointerProbe.js';
import { ModelHistory } from './ModelHistory.js';

const SEEDS = [1, 2, 3, 4];
const OPERATIONS = 120;
const CHANNELS = ['a', 'b', 'log', 'topic'];

/** Any history of commits, forks and prunes reads as in a model that keeps every state whole. */
export const randomCases: readonly ConformanceCase[] = SEEDS.map((seed) => ({
  name: `K2 K7 a random history reads as the model says (seed ${seed})`,
  run: async (probe) => {
    const random = seededRandom(seed);
    const model = new ModelHistory();
    for (let i = 0; i < OPERATIONS; i++) {
      const dice = random();
      if (dice < 0.75 || model.ids.length === 0) await commit(probe, model, random, i);
      else if (dice < 0.85) await fork(probe, model, random, i);
      else if (dice < 0.9) await prune(probe, model, random);
      else await compare(probe, model, model.branches[Math.floor(random() * model.branches.length)] as string);
    }
    for (const branch of model.branches) await compare(probe, model, branch);
    for (const id of model.ids) assertEqual(chainsOf((await probe.load(probe.at('main'), id, CHANNELS)).channels), chainsOf(model.state(id)));
  },
}));

async function commit(probe: CheckpointerProbe, model: ModelHistory, random: () => number, i: number): Promise<void> {
  const branches = model.branches.length > 0 ? model.branches : ['main'];
  const branch = branches[Math.floor(random() * branches.length)] as string;
  const entries = CHANNELS.flatMap((channel) => {
    const dice = random();
    if (dice < 0.4) return [];
    return [dice < (channel.length === 1 ? 1 : 0.5) ? snapshot(channel, `${i} ${channel}`) : delta(channel, String(i))];
  });
  const made = probe.commitOf(`c${i}`, { branch, parentId: model.head(branch)?.id, step: i, entries });
  await probe.done(probe.store.commit(made, 'owner'));
  model.commit(made);
}

async function fork(probe: CheckpointerProbe, model: ModelHistory, random: () => number, i: number): Promise<void> {
  const id = model.ids[Math.floor(random() * model.ids.length)] as string;
  await probe.done(probe.store.fork(probe.at('main'), id, `b${i}`));
  model.fork(id, `b${i}`);
}

async function prune(probe: CheckpointerProbe, model: ModelHistory, random: () => number): Promise<void> {
  const keepLast = Math.floor(random() * 12);
  assertEqual(await probe.one(probe.store.prune(probe.thread, { keepLast })), model.prune(keepLast));
}

async function compare(probe: CheckpointerProbe, model: ModelHistory, branch: string): Promise<void> {
  const head = model.head(branch);
  const { id, channels } = await probe.load(probe.at(branch), undefined, CHANNELS);
  assertEqual([id, chainsOf(channels), await probe.history(probe.at(branch))], [head?.id, chainsOf(head?.state), model.history(branch)]);
}

const chainsOf = (channels: ReadonlyMap<string, unknown> = new Map()): object => Object.fromEntries(channels);
