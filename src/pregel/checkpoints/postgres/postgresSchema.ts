import { STORE_SCHEMA } from '../../stores/postgres/storeSchema.js';
import { COMMIT_FUNCTIONS } from './commitFunctions.js';
import { READ_FUNCTIONS } from './readFunctions.js';
import { RAISED } from './postgresError.js';

const TABLES = `
  CREATE TABLE SCHEMA.line (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thread text NOT NULL,
    namespace text NOT NULL,
    branch text NOT NULL,
    thread_key bytea NOT NULL,
    namespace_key bytea NOT NULL,
    branch_key bytea NOT NULL,
    parent bigint,
    fork_position integer NOT NULL,
    head text NOT NULL,
    position integer NOT NULL,
    updated_at double precision NOT NULL,
    UNIQUE (thread_key, namespace_key, branch_key)
  ) WITH (fillfactor = 50);
  CREATE INDEX line_parent ON SCHEMA.line (parent, fork_position) WHERE parent IS NOT NULL;

  CREATE TABLE SCHEMA.checkpoint (
    line bigint NOT NULL,
    position integer NOT NULL,
    id text NOT NULL,
    id_key bytea NOT NULL,
    parent_id text,
    format integer NOT NULL,
    step integer NOT NULL,
    created_at double precision NOT NULL,
    stored_at double precision NOT NULL,
    source text NOT NULL,
    metadata text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (line, position),
    CONSTRAINT checkpoint_id UNIQUE (line, id_key)
  );

  CREATE TABLE SCHEMA.entry (
    line bigint NOT NULL,
    channel bytea NOT NULL,
    position integer NOT NULL,
    snapshot boolean NOT NULL,
    json text NOT NULL,
    PRIMARY KEY (line, channel, position)
  );

  CREATE TABLE SCHEMA.pending (
    line bigint NOT NULL REFERENCES SCHEMA.line ON DELETE CASCADE,
    checkpoint bytea NOT NULL,
    work bytea NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    task text NOT NULL,
    key text NOT NULL,
    json text NOT NULL,
    PRIMARY KEY (line, checkpoint, work)
  );

  CREATE TABLE SCHEMA.lease (
    thread_key bytea PRIMARY KEY,
    owner text NOT NULL,
    expires_at double precision NOT NULL
  );

  -- What indexes hold of an id: all of it if it is short, else its digest, as an index takes no more than 2.7 kB.
  CREATE FUNCTION SCHEMA.key_of(id text) RETURNS bytea LANGUAGE sql STABLE AS $body$
    SELECT CASE
      WHEN octet_length(id) <= 128 THEN '\\x00'::bytea || convert_to(id, 'UTF8')
      ELSE '\\x01'::bytea || sha256(convert_to(id, 'UTF8'))
    END
  $body$;

  CREATE FUNCTION SCHEMA.now_ms() RETURNS double precision LANGUAGE sql VOLATILE AS $body$
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision
  $body$;
`;

/** Each is applied once, in order; what is released is never changed. */
const MIGRATIONS: readonly string[] = [TABLES + READ_FUNCTIONS + COMMIT_FUNCTIONS, STORE_SCHEMA];

/** The statement that brings a schema up to this version: one transaction, and one process at a time. */
export function migrationOf(schema: string): string {
  const steps = MIGRATIONS.map((migration, i) => `IF installed < ${i + 1} THEN ${migration} INSERT INTO SCHEMA.migration VALUES (${i + 1}); END IF;`);
  return inSchema(schema, `DO $migration$
DECLARE installed integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('rivulet migration', 0));
  IF to_regnamespace('SCHEMA') IS NULL THEN CREATE SCHEMA SCHEMA; END IF;
  IF to_regclass('SCHEMA.migration') IS NULL THEN
    CREATE TABLE SCHEMA.migration (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
  END IF;
  SELECT coalesce(max(version), 0) INTO installed FROM SCHEMA.migration;
  IF installed > ${MIGRATIONS.length} THEN
    RAISE EXCEPTION 'the PostgreSQL schema has version %, and ${MIGRATIONS.length} is the newest known here', installed USING ERRCODE = '${RAISED.newer}';
  END IF;
  ${steps.join('\n')}
END $migration$`);
}

/** A statement with its schema's name in its places. */
export function inSchema(schema: string, sql: string): string {
  return sql.replaceAll(/\bSCHEMA(?=\.|'|;)/g, `"${schema}"`);
}
