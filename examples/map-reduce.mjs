// Map and reduce over real files: a task for each page of the documentation, at most eight at a time, and one that sums up.
//   node examples/map-reduce.mjs [folder]
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { append, lastValue } from 'rivulet/channels';
import { send, START, StateGraph } from 'rivulet/pregel';
import { isProgram } from './streamAnswer.mjs';

const SKIPPED = /(^|[\\/])(node_modules|dist|coverage|\.[^\\/]*)([\\/]|$)/;

/** The Markdown files below the folder. */
async function list({ folder }) {
  const files = await readdir(folder, { recursive: true });
  return { files: files.filter((file) => file.endsWith('.md') && !SKIPPED.test(file)).sort() };
}

/** What one page contains, and which of its links to files lead nowhere. Code isn't prose. */
async function read({ folder, file }, run) {
  const page = await readFile(join(folder, file), { encoding: 'utf8', signal: run.signal });
  const prose = page.replace(/^([ \t]*)(`{3,})[^]*?^\1\2/gm, '').replace(/`[^`\n]*`/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  const toFiles = links.filter((target) => !/^([a-z]+:|#)/i.test(target)).map((target) => target.replace(/#.*/, ''));
  const found = await Promise.all(toFiles.map((target) => access(resolve(folder, dirname(file), target)).then(() => true, () => false)));
  const words = prose.replace(/\]\([^)]*\)/g, '').match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0;
  const headings = prose.match(/^#{1,6} /gm)?.length ?? 0;
  return { pages: { file, words, headings, links: links.length, broken: toFiles.filter((_, at) => !found[at]) } };
}

const total = (pages, count) => pages.reduce((sum, page) => sum + page[count], 0);

function sumUp({ pages }) {
  const [longest] = [...pages].sort((a, b) => b.words - a.words);
  const broken = pages.flatMap(({ file, broken: targets }) => targets.map((target) => `${file} -> ${target}`));
  return { report: { pages: pages.length, words: total(pages, 'words'), headings: total(pages, 'headings'), links: total(pages, 'links'), longest: longest?.file, broken } };
}

/** `read` runs once for each file that `list` found, all in one superstep; `sumUp` runs when they are done, and reads them in order. */
export const graph = new StateGraph({ folder: lastValue('.'), files: lastValue([]), pages: append(), report: lastValue(null) })
  .addNode('list', list)
  .addNode('read', read)
  .addNode('sumUp', sumUp)
  .addEdge(START, 'list')
  .addConditionalEdges('list', ({ folder, files }) => (files.length === 0 ? 'sumUp' : files.map((file) => send('read', { folder, file }))), ['read', 'sumUp'])
  .addEdge('read', 'sumUp');

if (isProgram(import.meta.url)) {
  const { report } = await graph.compile().invoke({ folder: process.argv[2] ?? '.' }, { maxConcurrency: 8 });
  console.log(report);
}
