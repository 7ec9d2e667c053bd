import { RAISED } from './postgresError.js';

/** What reads. Each is one statement for its caller, and STABLE: all that it reads is of one moment. */
export const READ_FUNCTIONS = `
  -- PL/pgSQL keeps its plans; an SQL function would be planned at every call.
  CREATE FUNCTION SCHEMA.line_of(p_thread text, p_namespace text, p_branch text) RETURNS bigint LANGUAGE plpgsql STABLE AS $body$
  BEGIN
    RETURN (
      SELECT l.id FROM SCHEMA.line l
      WHERE l.thread_key = SCHEMA.key_of(p_thread) AND l.namespace_key = SCHEMA.key_of(p_namespace) AND l.branch_key = SCHEMA.key_of(p_branch)
    );
  END $body$;

  -- The history of a line, back through those it was forked from: each up to where it was.
  CREATE FUNCTION SCHEMA.stretches_of(p_line bigint)
  RETURNS TABLE (line bigint, branch text, up_to integer, hop integer) LANGUAGE plpgsql STABLE ROWS 2 AS $body$
  DECLARE
    stretch SCHEMA.line%ROWTYPE;
  BEGIN
    SELECT * INTO stretch FROM SCHEMA.line l WHERE l.id = p_line;
    up_to := stretch.position;
    hop := 0;
    WHILE stretch.id IS NOT NULL LOOP
      line := stretch.id;
      branch := stretch.branch;
      RETURN NEXT;
      up_to := stretch.fork_position;
      hop := hop + 1;
      SELECT * INTO stretch FROM SCHEMA.line l WHERE l.id = stretch.parent;
    END LOOP;
  END $body$;

  -- A checkpoint by its id: in the history of a branch, or else in another branch.
  CREATE FUNCTION SCHEMA.place_of(p_thread text, p_namespace text, p_branch text, p_id text)
  RETURNS TABLE (line bigint, place integer, within boolean) LANGUAGE plpgsql STABLE AS $body$
  BEGIN
    RETURN QUERY
      SELECT c.line, c.position, true FROM SCHEMA.stretches_of(SCHEMA.line_of(p_thread, p_namespace, p_branch)) h
      JOIN SCHEMA.checkpoint c ON c.line = h.line AND c.id_key = SCHEMA.key_of(p_id) AND c.position <= h.up_to
      ORDER BY h.hop LIMIT 1;
    IF FOUND THEN RETURN; END IF;
    RETURN QUERY
      SELECT c.line, c.position, false FROM SCHEMA.line l JOIN SCHEMA.checkpoint c ON c.line = l.id AND c.id_key = SCHEMA.key_of(p_id)
      WHERE l.thread_key = SCHEMA.key_of(p_thread) AND l.namespace_key = SCHEMA.key_of(p_namespace) ORDER BY l.id LIMIT 1;
  END $body$;

  -- A checkpoint in rows: its head, its channels' entries, its pending work. A channel's snapshot may stand in an older line.
  CREATE FUNCTION SCHEMA.load_checkpoint(p_thread text, p_namespace text, p_branch text, p_id text, p_channels text[])
  RETURNS TABLE (part text, name text, label text, content text) LANGUAGE plpgsql STABLE AS $body$
  DECLARE
    own SCHEMA.line%ROWTYPE;
    at_line bigint;
    at_position integer;
    is_within boolean := true;
    lines bigint[];
    ends integer[];
    channel_name text;
    base integer;
    depth integer;
  BEGIN
    SELECT * INTO own FROM SCHEMA.line l WHERE l.id = SCHEMA.line_of(p_thread, p_namespace, p_branch);
    IF p_id IS NULL THEN
      at_line := CASE WHEN own.position > own.fork_position THEN own.id ELSE own.parent END;
      at_position := own.position;
    ELSE
      SELECT p.line, p.place, p.within INTO at_line, at_position, is_within FROM SCHEMA.place_of(p_thread, p_namespace, p_branch, p_id) p;
    END IF;
    IF at_line IS NULL THEN RETURN; END IF;

    RETURN QUERY
      SELECT 'head', l.branch, NULL, json_build_object(
        'id', c.id, 'parent_id', c.parent_id, 'format', c.format, 'step', c.step, 'created_at', c.created_at, 'metadata', c.metadata, 'body', c.body
      )::text
      FROM SCHEMA.checkpoint c JOIN SCHEMA.line l ON l.id = c.line WHERE c.line = at_line AND c.position = at_position;
    IF NOT FOUND THEN RAISE EXCEPTION 'the head of a branch is missing' USING ERRCODE = '${RAISED.invalid}'; END IF;

    SELECT array_agg(h.line ORDER BY h.hop), array_agg(h.up_to ORDER BY h.hop) INTO lines, ends FROM SCHEMA.stretches_of(at_line) h;
    ends[1] := at_position;
    FOREACH channel_name IN ARRAY p_channels LOOP
      base := NULL;
      FOR i IN 1 .. array_length(lines, 1) LOOP
        depth := i;
        SELECT e.position INTO base FROM SCHEMA.entry e
        WHERE e.line = lines[i] AND e.channel = SCHEMA.key_of(channel_name) AND e.position <= ends[i] AND e.snapshot
        ORDER BY e.position DESC LIMIT 1;
        EXIT WHEN base IS NOT NULL;
      END LOOP;
      FOR i IN REVERSE depth .. 1 LOOP
        RETURN QUERY
          SELECT 'entry', channel_name, CASE WHEN e.snapshot THEN 'snapshot' ELSE 'delta' END, e.json FROM SCHEMA.entry e
          WHERE e.line = lines[i] AND e.channel = SCHEMA.key_of(channel_name) AND e.position BETWEEN CASE WHEN i = depth THEN coalesce(base, 0) ELSE 0 END AND ends[i]
          ORDER BY e.position;
      END LOOP;
    END LOOP;

    RETURN QUERY
      SELECT 'pending', p.task, p.key, p.json FROM SCHEMA.pending p
      WHERE p.line = CASE WHEN is_within THEN own.id ELSE at_line END
        AND p.checkpoint = (SELECT SCHEMA.key_of(c.id) FROM SCHEMA.checkpoint c WHERE c.line = at_line AND c.position = at_position)
      ORDER BY p.number;
  END $body$;

  -- A page of a branch's history, newest first, below a position: they count on over forks.
  CREATE FUNCTION SCHEMA.history_page(p_thread text, p_namespace text, p_branch text, p_source text, p_below integer, p_count integer)
  RETURNS TABLE (
    place integer, branch text, id text, parent_id text, format integer, step integer, created_at double precision, metadata text, body text
  ) LANGUAGE sql STABLE AS $body$
    SELECT c.position, h.branch, c.id, c.parent_id, c.format, c.step, c.created_at, c.metadata, c.body
    FROM SCHEMA.stretches_of(SCHEMA.line_of(p_thread, p_namespace, p_branch)) h
    CROSS JOIN LATERAL (
      SELECT * FROM SCHEMA.checkpoint k
      WHERE k.line = h.line AND k.position <= h.up_to AND k.position < p_below AND (p_source IS NULL OR k.source = p_source)
      ORDER BY k.position DESC LIMIT p_count
    ) c
    ORDER BY c.position DESC LIMIT p_count
  $body$;
`;
