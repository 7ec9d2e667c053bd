import { z } from 'zod';
import type { AnyTool } from '../../operators/tools/buildTool.js';
import { tool } from '../../operators/tools/tool.js';
import { workspace, type Workspace } from './workspace.js';

const MAX_HITS = 50;

/** Three tools that read the files below `root`, and nothing else. */
export function fileTools(root: string): readonly AnyTool[] {
  const files = workspace(root);
  return [listFiles(files), readFile(files), searchFiles(files)];
}

const extension = z.string().optional().describe('only files that end in it, such as .ts');

function listFiles(files: Workspace): AnyTool {
  return tool({
    name: 'list_files',
    description: 'How many files and lines are below a folder, and the paths of the files.',
    input: z.object({ folder: z.string().optional().describe('default: all'), extension }),
    run: async ({ folder = '.', extension: ending }) => {
      const paths = await files.list(folder, ending);
      let lines = 0;
      for (const path of paths) lines += (await readOrSkip(files, path)).split('\n').length - 1;
      return [`${paths.length} files, ${lines} lines`, ...paths].join('\n');
    },
  });
}

function readFile(files: Workspace): AnyTool {
  return tool({
    name: 'read_file',
    description: 'Lines of a text file.',
    input: z.object({ path: z.string(), from: z.number().int().min(1).optional().describe('the first line, from 1'), lines: z.number().int().min(1).max(500).optional().describe('how many; default 100') }),
    run: async ({ path, from = 1, lines = 100 }) => (await files.read(path)).split('\n').slice(from - 1, from - 1 + lines).join('\n'),
  });
}

function searchFiles(files: Workspace): AnyTool {
  return tool({
    name: 'search_files',
    description: `Lines that contain a text, as path:line: text; at most ${MAX_HITS}.`,
    input: z.object({ text: z.string().min(1), extension }),
    async *run ({ text, extension: ending }) {
      let hits = 0;
      for (const path of await files.list('.', ending)) {
        for (const [at, line] of (await readOrSkip(files, path)).split('\n').entries()) {
          if (!line.includes(text)) continue;
          yield `${path}:${at + 1}: ${line.trim().slice(0, 160)}\n`;
          if (++hits === MAX_HITS) return;
        }
      }
      if (hits === 0) yield `no file contains '${text}'`;
    },
  });
}

/** A file too large to read, or gone meanwhile, has nothing to count or find. */
async function readOrSkip(files: Workspace, path: string): Promise<string> {
  return files.read(path).catch(() => '');
}
