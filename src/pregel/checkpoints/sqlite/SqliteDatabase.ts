/** What is used of a SQLite driver's statement. */
export interface SqliteStatement {
  run(...parameters: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  all(...parameters: readonly unknown[]): unknown[];
}

/** What is used of a SQLite driver's database: libsql's, or better-sqlite3's. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): unknown;
}
