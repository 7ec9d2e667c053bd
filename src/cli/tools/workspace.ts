import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, resolve, sep } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'coverage']);
const MAX_FILES = 2000;
const MAX_BYTES = 256 * 1024;

/** The files below one folder, read only; nothing outside it can be reached, by `..` or by a link. */
export interface Workspace {
  /** Paths, with `/` between folders on every platform. */
  list(folder: string, extension: string | undefined): Promise<readonly string[]>;
  read(path: string): Promise<string>;
}

/** @param root the folder; a symbolic link in it that leads out is refused */
export function workspace(root: string): Workspace {
  async function inside(path: string): Promise<string> {
    const base = await realpath(root);
    const full = await realpath(resolve(base, path)).catch(() => {
      throw new Error(`there is no '${path}' here`);
    });
    const way = relative(base, full);
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw new Error(`'${path}' is outside the folder that may be read`);
    return full;
  }

  async function walk(folder: string, prefix: string, found: string[], extension: string | undefined): Promise<void> {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) await walk(join(folder, entry.name), path, found, extension);
      else if (entry.isFile() && (extension === undefined || extname(entry.name) === extension)) found.push(path);
      if (found.length > MAX_FILES) throw new Error(`there are more than ${MAX_FILES} files. Name a folder or an extension`);
    }
  }

  return {
    list: async (folder, extension) => {
      const found: string[] = [];
      const start = await inside(folder);
      await walk(start, relative(await realpath(root), start).split(sep).join('/'), found, extension);
      return found;
    },
    read: async (path) => {
      const full = await inside(path);
      const { size } = await stat(full);
      if (size > MAX_BYTES) throw new Error(`'${path}' has ${size} bytes; at most ${MAX_BYTES} are read`);
      return readFile(full, 'utf8');
    },
  };
}
