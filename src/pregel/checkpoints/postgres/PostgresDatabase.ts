/** What is used of a PostgreSQL driver: `pg`'s pool or client, PGlite, or anything that runs one statement at a time as they do. */
export interface PostgresDatabase {
  query(text: string, parameters?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}
