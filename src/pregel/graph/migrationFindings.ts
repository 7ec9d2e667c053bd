import type { GraphDeclaration } from './GraphDeclaration.js';
import type { Finding } from './GraphError.js';
import type { Migration } from './Migration.js';

/** A name that is in use can't be told from the one it was: it must be gone, and the new one there. */
export function migrationFindings({ nodes, channels }: GraphDeclaration, migration: Migration): readonly Finding[] {
  const nodeNames = nodes.map(({ name }) => name);
  const renames = Object.entries(migration.channels ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return [...renameFindings('node', Object.entries(migration.nodes ?? {}), nodeNames), ...renameFindings('channel', renames, Object.keys(channels))];
}

function renameFindings(what: string, renames: readonly (readonly [string, string])[], names: readonly string[]): readonly Finding[] {
  return renames.flatMap(([from, to]): readonly Finding[] => [
    ...(names.includes(from) ? [invalid(`The migration renames the ${what} '${from}', which the graph has.`)] : []),
    ...(names.includes(to) ? [] : [invalid(`The migration renames the ${what} '${from}' to '${to}', which the graph doesn't have.`)]),
  ]);
}

const invalid = (message: string): Finding => ({ code: 'invalid_option', message });
