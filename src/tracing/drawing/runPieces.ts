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

/** What a line tells besides the run itself. */
export interface LineOptions {
  readonly isRoot: boolean;
  /** What an open run's duration counts to. */
  readonly now?: number | undefined;
  /** The names of the runs that it is within, where the line stands alone. */
  readonly path?: string;
}

/** What is said of a run on its line: how it ended, where and what it is, how long it took, what it used. */
export function runPieces(tree: RunTree, { isRoot, now, path = '' }: LineOptions): readonly Piece[] {
  const { run } = tree;
  const { name, kind, status, attempt } = run;
  const said = [times(run, now), isRoot || isModel(run) ? used(tree) : ''].filter((text) => text !== '').join(', ');
  return [
    MARKS[status],
    [path, 'dim'],
    [oneLine(name)],
    [UNSAID.has(kind) ? '' : ` ${oneLine(kind)}`, 'dim'],
    [attempt > 1 ? ` #${attempt}` : '', 'yellow'],
    [said === '' ? '' : `  ${said}`, 'dim'],
    ...endPieces(run),
  ];
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
  return totals.cost === undefined ? tokens : `${tokens}, ${costText(totals.cost, totals.currency)}`;
}

function costText(cost: number, currency: string): string {
  const digits = cost > 0 && cost < 0.0001 ? 'below 0.0001' : cost.toFixed(cost < 1 ? 4 : 2);
  return `${digits} ${oneLine(currency)}`;
}
