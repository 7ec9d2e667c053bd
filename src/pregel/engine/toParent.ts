import { command, isCommand, type Command } from '../graph/command.js';
import type { NodeWrite } from './writesOf.js';

const NONE: readonly Command[] = Object.freeze([]);

/** Whether a task speaks to the graph above its own. */
export function speaksToParent(write: NodeWrite): write is Command {
  return isCommand(write) && write.graph !== undefined;
}

/** What tasks say to the graph above theirs, as that graph's node says it. */
export function saidToParent(tasks: readonly { readonly writes: readonly NodeWrite[] }[]): readonly Command[] {
  let said: Command[] | undefined;
  for (const { writes } of tasks) {
    for (const write of writes) {
      if (!speaksToParent(write)) continue;
      const { graph: _graph, ...fields } = write;
      (said ??= []).push(command(fields));
    }
  }
  return said ?? NONE;
}
