import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe, test } from '@jest/globals';
import { postgresStore } from '../../src/pregel/stores/postgres/postgresStore.js';
import { storeConformance } from '../../src/testing/storeConformance.js';

const database = await PGlite.create();

afterAll(() => database.close());

describe('postgresStore on PGlite', () => {
  for (const { name, run } of storeConformance((options) => postgresStore(database, options))) test(name, run);
});
