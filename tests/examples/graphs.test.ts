import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/cli/runCli.js';
import type { Flow } from '../../src/core/flow/flow.js';
import { scripted } from '../../src/operators/models/scripted/scripted.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import type { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { marbles } from '../../src/testing/marbles.js';
import { temporaryFolder } from '../checkpoints/temporaryFolder.js';
import { fakeIo } from '../cli/fakeIo.js';
import { load } from './load.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

interface Written {
  readonly drafts: readonly string[];
  readonly critiques: readonly string[];
}

interface Reflection {
  readonly writer: ChatModel;
  readonly critic: ChatModel;
  reflection(writer: ChatModel, critic: ChatModel): Flow<{ readonly topic: string }, Written>;
}

describe('reflection', () => {
  /** What it has written when nothing moves any more, in virtual time. */
  async function written(critic?: ChatModel): Promise<Written | undefined> {
    const example = await load<Reflection>('reflection');
    let last: Written | undefined;
    marbles(({ flush }) => {
      example.reflection(example.writer, critic ?? example.critic).run({ topic: 'backpressure' }).subscribe((state) => (last = state));
      flush();
    })();
    return last;
  }

  test('writes again what the critic asks for, until it is accepted', async () => {
    const { drafts, critiques } = (await written()) as Written;
    expect(critiques).toEqual(['It gives no reason: say why.', 'It stays abstract: give an example.', 'Accepted: it is short, and says why.']);
    expect(drafts).toEqual([expect.not.stringContaining('because'), expect.stringMatching(/because(?!.*example)/), expect.stringMatching(/because.*for example/)]);
  });

  test('gives up with the fourth draft', async () => {
    expect((await written(scripted([{ reply: 'I don’t like it: say why.' }])))?.drafts).toHaveLength(4);
  });
});

describe('map-reduce', () => {
  interface Report {
    readonly pages: number;
    readonly words: number;
    readonly headings: number;
    readonly links: number;
    readonly longest: string | undefined;
    readonly broken: readonly string[];
  }
  async function report(of: string): Promise<Report> {
    const { graph } = await load<{ graph: StateGraph<never> }>('map-reduce');
    const { report: found } = (await graph.compile().invoke({ folder: of } as never, { maxConcurrency: 8 })) as { readonly report: Report };
    return found;
  }

  test('counts the words, headings and links of every page, and finds links that lead nowhere', async () => {
    mkdirSync(join(folder.path, 'deep', 'node_modules'), { recursive: true });
    writeFileSync(join(folder.path, 'a.md'), '# One two\n\nSee [the other](deep/b.md#top), [the web](https://x.example/) and [nothing](gone.md).\n\n```md\n# not [prose](no.md)\n```\n');
    writeFileSync(join(folder.path, 'deep', 'b.md'), '## Top\n\n[back](../a.md), [here](#top) and `[code](x.md)`.\n');
    writeFileSync(join(folder.path, 'deep', 'node_modules', 'c.md'), 'skipped');
    expect(await report(folder.path)).toEqual({ pages: 2, words: 13, headings: 2, links: 5, longest: 'a.md', broken: ['a.md -> gone.md'] });
  });

  test('a folder without pages has a report, too', async () => {
    expect(await report(folder.path)).toEqual({ pages: 0, words: 0, headings: 0, links: 0, longest: undefined, broken: [] });
  });

  test('no link of this repository leads nowhere', async () => {
    const { pages, words, broken } = await report(root);
    expect(broken).toEqual([]);
    expect(pages).toBeGreaterThan(50);
    expect(words).toBeGreaterThan(5000);
  });
});

describe('approval', () => {
  /** One life of the program, and what it prints. Each opens the file anew. */
  async function life(...args: readonly string[]): Promise<string> {
    const { approval } = await load<{ approval(args: readonly string[], world: { folder: string; print: (line: string) => void }): Promise<void> }>('approval');
    const lines: string[] = [];
    await approval(args, { folder: folder.path, print: (line) => lines.push(line) });
    return lines.join('\n');
  }
  const outbox = (): readonly string[] => {
    const path = join(folder.path, 'rivulet-outbox.jsonl');
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => (JSON.parse(line) as { readonly text: string }).text) : [];
  };

  test('asks, ends, and goes on when it is started again with the answer', async () => {
    expect(await life()).toMatch(/Send this\?\n {2}Dear customer, thank you.*“My parcel never came\.”/);
    expect(outbox()).toEqual([]);
    expect(await life('approve')).toMatch(/^Sent: Dear customer, thank you/);
    expect(outbox()).toEqual([expect.stringContaining('My parcel never came')]);
    expect(await life('approve')).toMatch(/Nothing waits/);
    expect(outbox()).toHaveLength(1);
  });

  test('started again without an answer, asks the same again', async () => {
    const asked = await life();
    expect(await life()).toBe(asked);
  });

  test('a rejected draft is written anew, and asked about again; an edited one is sent as edited', async () => {
    await life();
    expect(await life('reject', 'Offer a refund.')).toMatch(/Send this\?\n {2}.*Your refund is on its way/);
    expect(await life('edit', 'Dear Kim, it is on its way.')).toBe('Sent: Dear Kim, it is on its way.');
    expect(outbox()).toEqual(['Dear Kim, it is on its way.']);
  });

  test('an answer that isn’t one is refused, and the question stays', async () => {
    await life();
    await expect(life('maybe')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await life()).toMatch(/Send this\?/);
  });

  test('rivulet resume answers it as well', async () => {
    await life();
    const io = fakeIo();
    const args = ['--db', join(folder.path, 'rivulet-approval.db'), '--thread', 'complaint-17', '--graph', join(root, 'examples/approval.mjs')];
    expect(await runCli(['resume', ...args, '--answer', '{"type":"approve"}'], io)).toBe(0);
    expect(io.out()).toContain('"sent": true');
    expect(outbox()).toHaveLength(1);
  });
});

test('time travel: the history, another way on a branch, and a replay; the first run stays as it was', async () => {
  const { timeTravel } = await load<{ timeTravel(print: (line: string) => void): Promise<void> }>('time-travel');
  const lines: string[] = [];
  await timeTravel((line) => lines.push(line));
  const byPlane = 'chose with a budget of 600, paid 240 for the plane, 4 nights';
  expect(lines).toEqual([
    '2: 4 nights; then the end',
    '1: paid 240 for the plane; then stay',
    '0: chose with a budget of 600; then pay',
    '-1: begun; then choose',
    'by-train: chose with a budget of 600, chose the train after all, paid 89 for the train, 6 nights',
    `replay: ${byPlane}`,
    `main, as it was: ${byPlane}`,
  ]);
});
