// Checkpoints in a SQLite file, through libsql.
export { sqliteCheckpointer, type SqliteCheckpointer, type SqliteCheckpointerOptions } from './pregel/checkpoints/sqlite/sqliteCheckpointer.js';
export type { SqliteDatabase, SqliteStatement } from './pregel/checkpoints/sqlite/SqliteDatabase.js';
