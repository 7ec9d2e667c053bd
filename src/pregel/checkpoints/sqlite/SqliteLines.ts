import type { ChannelEntry, LineAddress } from '../Checkpointer.js';
import { storedNumber, storedText, type StoredRow } from '../storedHead.js';
import { storedKey } from '../storedKey.js';
import type { SqliteConnection } from './SqliteConnection.js';

/** A stretch of a branch's history: a line, up to a position in it. */
export interface Stretch {
  readonly line: number;
  readonly branch: unknown;
  readonly upTo: number;
}

/** A checkpoint's place, and the history that leads to it: its own line's stretch first. */
export interface Place {
  readonly position: number;
  readonly stretches: readonly Stretch[];
}

const BY_ADDRESS = 'SELECT * FROM rivulet_line WHERE thread = ? AND namespace = ? AND branch = ?';
const BY_ID = 'SELECT * FROM rivulet_line WHERE id = ?';
const IN_LINE = 'SELECT position FROM rivulet_checkpoint WHERE line = ? AND id = ? AND position <= ?';
const ANYWHERE = `
  SELECT l.*, c.position AS found FROM rivulet_line l JOIN rivulet_checkpoint c ON c.line = l.id AND c.id = ?
  WHERE l.thread = ? AND l.namespace = ? ORDER BY l.id LIMIT 1`;
const LAST_SNAPSHOT = 'SELECT position FROM rivulet_entry WHERE line = ? AND channel = ? AND position <= ? AND snapshot = 1 ORDER BY position DESC LIMIT 1';
const ENTRIES = 'SELECT snapshot, json FROM rivulet_entry WHERE line = ? AND channel = ? AND position BETWEEN ? AND ? ORDER BY position';

/** The lines of a database: who was forked from whom, and what a channel is at a place. */
export class SqliteLines {
  constructor(private readonly database: SqliteConnection) {}

  line(at: LineAddress): StoredRow | undefined {
    return this.database.one(BY_ADDRESS, storedKey(at.thread), storedKey(at.namespace), storedKey(at.branch));
  }

  /** The history of a line, back through those it was forked from. */
  stretches(start: StoredRow, upTo = storedNumber(start, 'position')): readonly Stretch[] {
    const stretches: Stretch[] = [];
    let end = upTo;
    for (let row: StoredRow | undefined = start; row; row = row['parent'] === null ? undefined : this.database.one(BY_ID, row['parent'])) {
      stretches.push({ line: storedNumber(row, 'id'), branch: row['branch'], upTo: end });
      end = storedNumber(row, 'fork_position');
    }
    return stretches;
  }

  /** Where the head of a branch is: in the line it was forked from, until it is committed to. */
  head(row: StoredRow): Place {
    const position = storedNumber(row, 'position');
    const stretches = this.stretches(row);
    return { position, stretches: position > storedNumber(row, 'fork_position') ? stretches : stretches.slice(1) };
  }

  within(stretches: readonly Stretch[], id: string): Place | undefined {
    for (const [i, { line, upTo }] of stretches.entries()) {
      const found = this.database.one(IN_LINE, line, storedKey(id), upTo);
      if (found) return { position: storedNumber(found, 'position'), stretches: stretches.slice(i) };
    }
    return undefined;
  }

  anywhere(at: LineAddress, id: string): Place | undefined {
    const row = this.database.one(ANYWHERE, storedKey(id), storedKey(at.thread), storedKey(at.namespace));
    return row && { position: storedNumber(row, 'found'), stretches: this.stretches(row) };
  }

  /** A channel's last snapshot up to a place, and the deltas since, oldest first. */
  chain(channel: string, { position, stretches }: Place): readonly ChannelEntry[] {
    const key = storedKey(channel);
    let chain: ChannelEntry[] = [];
    for (const [i, { line, upTo }] of stretches.entries()) {
      const end = i === 0 ? position : upTo;
      const snapshot = this.database.one(LAST_SNAPSHOT, line, key, end);
      const rows = this.database.all(ENTRIES, line, key, snapshot ? storedNumber(snapshot, 'position') : 0, end);
      chain = [...rows.map((row) => entryOf(channel, row)), ...chain];
      if (snapshot) break;
    }
    return chain;
  }
}

function entryOf(channel: string, row: StoredRow): ChannelEntry {
  return { channel, kind: storedNumber(row, 'snapshot') === 1 ? 'snapshot' : 'delta', json: storedText(row, 'json') };
}
