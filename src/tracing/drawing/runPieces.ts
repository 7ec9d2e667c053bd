import type { RunTree } from '../runs/RunTree.js';
import type { TracedRun, TracedStatus } from '../runs/TracedRun.js';
import { durationText } from './durationText.js';
import { errorText, oneLine } from './errorText.js';
import { runTotals } from './runTotals.js';
import type { Piece } from './styledLine.js';

const MARKS: Readonly<Record<TracedStatus, Piece>> = {
  running: ['… ', 'cyan'],
  ok: ['✓ ', 'green'],
  error: ['✗ ', 'red'],
  cancelled: ['⊘ ', 'yellow'],
  interrupted: ['? ', 'yellow'],
  drained: ['⊘ ', 'yellow'],
};

/** Kinds that say nothing that the tree doesn't show. */
const UNSAID: ReadonlySet<string> = new Set(['chain', 'node', 'graph']);

/** What is said of a run on its line. @param now what an open run's duration counts to */
export function runPieces(tree: RunTree, isRoot: boolean, now: number | undefined): readonly Piece[] {
  const { run } = tree;
  const said = [times(run, now), isRoot || isModel(run) ? used(tree) : ''].filter((text) => text !== '').join(', ');
  return [...titlePieces(run), [said === '' ? '' : `  ${said}`, 'dim'], ...endPieces(run)];
}

/** How a run ended, its name, and what it is. */
export function titlePieces({ name, kind, status, attempt }: TracedRun): readonly Piece[] {
  return [MARKS[status], [oneLine(name)], [UNSAID.has(kind) ? '' : ` ${kind}`, 'dim'], [attempt > 1 ? ` #${attempt}` : '', 'yellow']];
}

function endPieces({ status, error }: TracedRun): readonly Piece[] {
  if (status === 'error') return [[`  ${errorText(error)}`, 'red']];
  if (status === 'running' || status === 'ok') return [];
  return [[status === 'interrupted' ? '  waits for an answer' : `  ${status}`, 'yellow']];
}

function times({ startTime, endTime, firstTokenTime }: TracedRun, now: number | undefined): string {
  const end = endTime ?? now;
  const lasted = end === undefined ? '' : durationText(end - startTime);
  return firstTokenTime === undefined ? lasted : `${lasted}${lasted && ', '}first token after ${durationText(firstTokenTime - startTime)}`;
}

const isModel = ({ kind }: TracedRun): boolean => kind === 'llm' || kind === 'embedding';

function used(tree: RunTree): string {
  const totals = runTotals(tree);
  if (!totals) return '';
  const tokens = `${totals.inputTokens} tokens in, ${totals.outputTokens} out`;
  return totals.cost === undefined ? tokens : `${tokens}, ${costText(totals.cost)}`;
}

function costText(cost: number): string {
  if (cost === 0) return '$0';
  return cost < 0.0001 ? 'below $0.0001' : `$${cost.toFixed(cost < 1 ? 4 : 2)}`;
}
