// Checkpoints in PostgreSQL: `pg`, PGlite.
export { postgresCheckpointer, type PostgresCheckpointerOptions } from './pregel/checkpoints/postgres/postgresCheckpointer.js';
export type { PostgresDatabase } from './pregel/checkpoints/postgres/PostgresDatabase.js';
