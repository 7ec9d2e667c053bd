/**
 * What writes. Each is one statement for its caller, so that no lock is ever held while a client is waited for. Those that
 * remove or fork take turns in a thread; a commit waits for nothing but another commit on its branch.
 */
export const COMMIT_FUNCTIONS = `
  CREATE FUNCTION SCHEMA.commit_checkpoint(
    p_thread text, p_namespace text, p_branch text, p_owner text, p_id text, p_parent text, p_format integer, p_step integer,
    p_created_at double precision, p_source text, p_metadata text, p_body text, p_channels text[], p_snapshots boolean[], p_jsons text[]
  ) RETURNS text LANGUAGE plpgsql AS $body$
  DECLARE
    moved SCHEMA.line%ROWTYPE;
    moment double precision := SCHEMA.now_ms();
  BEGIN
    IF EXISTS (SELECT FROM SCHEMA.lease l WHERE l.thread_key = SCHEMA.key_of(p_thread) AND l.owner <> p_owner AND l.expires_at > moment) THEN
      RETURN 'LEASE_LOST';
    END IF;
    IF p_parent IS NULL THEN
      INSERT INTO SCHEMA.line (thread, namespace, branch, thread_key, namespace_key, branch_key, fork_position, head, position, updated_at)
      VALUES (
        p_thread, p_namespace, p_branch, SCHEMA.key_of(p_thread), SCHEMA.key_of(p_namespace), SCHEMA.key_of(p_branch), 0, p_id, 1, moment
      ) ON CONFLICT DO NOTHING RETURNING * INTO moved;
    ELSE
      UPDATE SCHEMA.line l SET head = p_id, position = l.position + 1, updated_at = moment
      WHERE l.thread_key = SCHEMA.key_of(p_thread) AND l.namespace_key = SCHEMA.key_of(p_namespace) AND l.branch_key = SCHEMA.key_of(p_branch)
        AND l.head = p_parent
      RETURNING * INTO moved;
    END IF;
    IF moved.id IS NULL THEN RETURN 'STALE_CHECKPOINT'; END IF;
    INSERT INTO SCHEMA.checkpoint VALUES (
      moved.id, moved.position, p_id, SCHEMA.key_of(p_id), p_parent, p_format, p_step, p_created_at, moment, p_source, p_metadata, p_body
    );
    INSERT INTO SCHEMA.entry
      SELECT moved.id, SCHEMA.key_of(e.channel), moved.position, e.snapshot, e.json FROM unnest(p_channels, p_snapshots, p_jsons) AS e (channel, snapshot, json);
    DELETE FROM SCHEMA.pending p WHERE p.line = moved.id AND p.checkpoint <> SCHEMA.key_of(p_id);
    RETURN 'DONE';
  END $body$;

  CREATE FUNCTION SCHEMA.take_turns(p_thread text) RETURNS void LANGUAGE sql AS $body$
    SELECT pg_advisory_xact_lock(hashtextextended('rivulet thread ' || p_thread, 0))
  $body$;

  CREATE FUNCTION SCHEMA.fork_branch(p_thread text, p_namespace text, p_branch text, p_id text, p_fork text) RETURNS text LANGUAGE plpgsql AS $body$
  DECLARE
    origin record;
  BEGIN
    PERFORM SCHEMA.take_turns(p_thread);
    SELECT * INTO origin FROM SCHEMA.place_of(p_thread, p_namespace, p_branch, p_id);
    IF NOT FOUND THEN RETURN 'UNKNOWN_CHECKPOINT'; END IF;
    INSERT INTO SCHEMA.line (thread, namespace, branch, thread_key, namespace_key, branch_key, parent, fork_position, head, position, updated_at)
    VALUES (
      p_thread, p_namespace, p_fork, SCHEMA.key_of(p_thread), SCHEMA.key_of(p_namespace), SCHEMA.key_of(p_fork),
      origin.line, origin.place, p_id, origin.place, SCHEMA.now_ms()
    ) ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN 'DONE' ELSE 'BRANCH_EXISTS' END;
  END $body$;

  CREATE FUNCTION SCHEMA.prune_thread(p_thread text, p_keep integer, p_max_age double precision) RETURNS integer LANGUAGE plpgsql AS $body$
  DECLARE
    removed integer;
    stored_up_to double precision := coalesce(SCHEMA.now_ms() - p_max_age, 'infinity');
  BEGIN
    PERFORM SCHEMA.take_turns(p_thread);
    WITH RECURSIVE reach (line, lowest, up_to) AS (
      SELECT l.id, l.position - p_keep + 1, l.position FROM SCHEMA.line l WHERE l.thread_key = SCHEMA.key_of(p_thread)
      UNION
      SELECT l.parent, r.lowest, l.fork_position FROM reach r JOIN SCHEMA.line l ON l.id = r.line
      WHERE l.parent IS NOT NULL AND l.fork_position >= r.lowest
    )
    DELETE FROM SCHEMA.checkpoint c
    WHERE c.line IN (SELECT l.id FROM SCHEMA.line l WHERE l.thread_key = SCHEMA.key_of(p_thread)) AND c.stored_at <= stored_up_to
      AND NOT EXISTS (SELECT FROM reach r WHERE r.line = c.line AND c.position BETWEEN r.lowest AND r.up_to);
    GET DIAGNOSTICS removed = ROW_COUNT;
    IF removed = 0 THEN RETURN 0; END IF;

    -- An entry is needed while something reads the line from its position on, before the next snapshot: a checkpoint or a fork.
    DELETE FROM SCHEMA.entry gone USING (
      SELECT e.line, e.channel, e.position, coalesce(
        min(CASE WHEN e.snapshot THEN e.position END) OVER (
          PARTITION BY e.line, e.channel ORDER BY e.position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 2147483647) AS superseded_at
      FROM SCHEMA.entry e WHERE e.line IN (SELECT l.id FROM SCHEMA.line l WHERE l.thread_key = SCHEMA.key_of(p_thread))
    ) s
    WHERE gone.line = s.line AND gone.channel = s.channel AND gone.position = s.position
      AND NOT EXISTS (SELECT FROM SCHEMA.checkpoint c WHERE c.line = s.line AND c.position >= s.position AND c.position < s.superseded_at)
      AND NOT EXISTS (SELECT FROM SCHEMA.line f WHERE f.parent = s.line AND f.fork_position >= s.position AND f.fork_position < s.superseded_at);
    RETURN removed;
  END $body$;

  CREATE FUNCTION SCHEMA.delete_thread(p_thread text) RETURNS void LANGUAGE plpgsql AS $body$
  DECLARE
    gone bigint[];
  BEGIN
    PERFORM SCHEMA.take_turns(p_thread);
    WITH removed AS (DELETE FROM SCHEMA.line l WHERE l.thread_key = SCHEMA.key_of(p_thread) RETURNING l.id)
    SELECT array_agg(id) INTO gone FROM removed;
    DELETE FROM SCHEMA.checkpoint WHERE line = ANY (gone);
    DELETE FROM SCHEMA.entry WHERE line = ANY (gone);
    DELETE FROM SCHEMA.lease WHERE thread_key = SCHEMA.key_of(p_thread);
  END $body$;
`;
