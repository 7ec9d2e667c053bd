import type { PruneOptions } from '../Checkpointer.js';
import type { SqliteConnection } from './SqliteConnection.js';

const CHECKPOINTS = `
  WITH RECURSIVE reach (line, lowest, upto) AS (
    SELECT id, position - ? + 1, position FROM rivulet_line WHERE thread = ?
    UNION
    SELECT l.parent, r.lowest, l.fork_position FROM reach r JOIN rivulet_line l ON l.id = r.line
    WHERE l.parent IS NOT NULL AND l.fork_position >= r.lowest
  )
  DELETE FROM rivulet_checkpoint AS c
  WHERE c.line IN (SELECT id FROM rivulet_line WHERE thread = ?) AND c.stored_at <= ?
    AND NOT EXISTS (SELECT 1 FROM reach r WHERE r.line = c.line AND c.position BETWEEN r.lowest AND r.upto)`;

// An entry is needed while something reads the line from its position on, before the next snapshot: a checkpoint or a fork.
const ENTRIES = `
  DELETE FROM rivulet_entry WHERE rowid IN (
    SELECT e.number FROM (
      SELECT rowid AS number, line, position, coalesce(
        min(CASE WHEN snapshot = 1 THEN position END) OVER (
          PARTITION BY line, channel ORDER BY position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 9007199254740991) AS superseded_at
      FROM rivulet_entry WHERE line IN (SELECT id FROM rivulet_line WHERE thread = ?)
    ) AS e
    WHERE NOT EXISTS (SELECT 1 FROM rivulet_checkpoint c WHERE c.line = e.line AND c.position >= e.position AND c.position < e.superseded_at)
      AND NOT EXISTS (SELECT 1 FROM rivulet_line f WHERE f.parent = e.line AND f.fork_position >= e.position AND f.fork_position < e.superseded_at)
  )`;

/** Removes a thread's old checkpoints, and the entries that no other is made of; says how many checkpoints. */
export function pruneSqlite(database: SqliteConnection, thread: string, { keepLast = 0, maxAgeMs }: PruneOptions, now: number): number {
  const storedUpTo = maxAgeMs === undefined ? Number.MAX_SAFE_INTEGER : now - maxAgeMs;
  const { changes } = database.run(CHECKPOINTS, Math.max(keepLast, 1), thread, thread, storedUpTo);
  if (changes > 0) database.run(ENTRIES, thread);
  return changes;
}
