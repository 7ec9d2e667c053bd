import type { PostgresDatabase } from '../../src/pregel/checkpoints/postgres/PostgresDatabase.js';
import type { SqliteDatabase } from '../../src/pregel/checkpoints/sqlite/SqliteDatabase.js';

/** At which statement a process kills itself: before the database hears of it, or when it has (SQLite: has done it). */
export interface Death {
  readonly statement: number;
  readonly moment: 'before' | 'after';
}

/** Counts statements, and calls `die` at the one that is meant. */
export class StatementCount {
  count = 0;

  constructor(
    private readonly death: Death | undefined,
    private readonly die: (inCommit: boolean) => void,
  ) {}

  around<T>(inCommit: boolean, statement: () => T): T {
    const meant = ++this.count === this.death?.statement ? this.death.moment : undefined;
    if (meant === 'before') this.die(inCommit);
    const result = statement();
    if (meant === 'after') this.die(inCommit);
    return result;
  }
}

/** A SQLite database whose process dies at a statement. */
export function dyingSqlite(database: SqliteDatabase, statements: StatementCount): SqliteDatabase {
  let inCommit = false;
  const around = <T>(sql: string, run: () => T): T => {
    if (sql.startsWith('BEGIN')) inCommit = false;
    if (sql.startsWith('INSERT INTO rivulet_checkpoint')) inCommit = true;
    return statements.around(inCommit, run);
  };
  return {
    exec: (sql) => around(sql, () => database.exec(sql)),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return { run: (...values) => around(sql, () => statement.run(...values)), all: (...values) => around(sql, () => statement.all(...values)) };
    },
    close: () => database.close(),
  };
}

/** A PostgreSQL database whose process dies at a statement, each of which is a transaction. */
export function dyingPostgres(database: PostgresDatabase, statements: StatementCount): PostgresDatabase {
  return { query: (sql, values) => statements.around(sql.includes('commit_checkpoint('), () => database.query(sql, values)) };
}
