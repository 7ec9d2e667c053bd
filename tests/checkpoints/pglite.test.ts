import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe, test } from '@jest/globals';
import { postgresCheckpointer } from '../../src/pregel/checkpoints/postgres/postgresCheckpointer.js';
import { checkpointerConformance } from '../../src/testing/checkpointerConformance.js';

const database = await PGlite.create();

afterAll(() => database.close());

describe('postgresCheckpointer on PGlite', () => {
  const store = postgresCheckpointer(database);
  for (const { name, run } of checkpointerConformance(() => store, { reopen: () => postgresCheckpointer(database) })) test(name, run);
});
