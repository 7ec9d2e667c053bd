import type { RunTree } from '../runs/RunTree.js';
import { runPieces } from './runPieces.js';
import { styledLine, type Piece } from './styledLine.js';

/** How a tree is drawn. */
export interface DrawTreeOptions {
  /** Whether to use a terminal's colours: errors are red. Default: no. */
  readonly color?: boolean | undefined;
  /** Longer lines are cut. Default: none is. */
  readonly columns?: number | undefined;
  /** What the duration of open runs counts to, in milliseconds. Default: they show none. */
  readonly now?: number | undefined;
}

/** A run, or the nodes that one superstep ran. */
type Item = { readonly tree: RunTree } | { readonly step: number; readonly nodes: readonly RunTree[] };

/** Draws trees as lines, a run each; the nodes of a graph stand below their supersteps. */
export function treeLines(trees: readonly RunTree[], { color = false, columns, now }: DrawTreeOptions = {}): readonly string[] {
  const lines: string[] = [];
  const add = (pieces: readonly Piece[]): void => void lines.push(styledLine(pieces, color, columns));

  function addTree(tree: RunTree, first: string, rest: string, isRoot = false): void {
    add([[first, 'dim'], ...runPieces(tree, { isRoot, now })]);
    addItems(itemsOf(tree.children), rest);
  }

  function addItems(items: readonly Item[], indent: string): void {
    items.forEach((item, index) => {
      const isLast = index === items.length - 1;
      const [first, rest] = [`${indent}${isLast ? '└─ ' : '├─ '}`, `${indent}${isLast ? '   ' : '│  '}`];
      if ('tree' in item) return addTree(item.tree, first, rest);
      add([[`${first}step ${item.step}`, 'dim']]);
      addItems(item.nodes.map((tree) => ({ tree })), rest);
    });
  }

  for (const tree of trees) addTree(tree, '', '', true);
  return lines;
}

function itemsOf(children: readonly RunTree[]): readonly Item[] {
  const items: Item[] = [];
  let group: { readonly step: number; readonly nodes: RunTree[] } | undefined;
  for (const tree of children) {
    const step = stepOf(tree);
    if (step === undefined) group = undefined;
    else if (group?.step === step) {
      group.nodes.push(tree);
      continue;
    } else group = { step, nodes: [tree] };
    items.push(group ?? { tree });
  }
  return items;
}

function stepOf({ run }: RunTree): number | undefined {
  const { step } = run.metadata;
  return run.kind === 'node' && typeof step === 'number' ? step : undefined;
}
