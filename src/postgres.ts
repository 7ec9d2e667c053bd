// Checkpoints and long-term stores in PostgreSQL: `pg`, PGlite.
export { postgresCheckpointer } from './pregel/checkpoints/postgres/postgresCheckpointer.js';
export { postgresStore, type PostgresStoreOptions } from './pregel/stores/postgres/postgresStore.js';
export type { PostgresDatabase } from './pregel/checkpoints/postgres/PostgresDatabase.js';
export type { PostgresOptions } from './pregel/checkpoints/postgres/PostgresConnection.js';
