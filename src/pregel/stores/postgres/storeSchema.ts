/** The tables and functions of a long-term store. Each function is one statement for its caller, so that no lock is held while a client is waited for. */
export const STORE_SCHEMA = `
  CREATE TABLE SCHEMA.item (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    path bytea NOT NULL,
    key_id bytea NOT NULL,
    namespace text[] NOT NULL,
    key text NOT NULL,
    value jsonb NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    created_at double precision NOT NULL,
    updated_at double precision NOT NULL,
    ttl_ms double precision,
    expires_at double precision,
    UNIQUE (path, key_id)
  );
  CREATE INDEX item_expiry ON SCHEMA.item (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE SCHEMA.item_vector (
    item bigint NOT NULL REFERENCES SCHEMA.item ON DELETE CASCADE,
    model text NOT NULL,
    vector real[] NOT NULL
  );
  CREATE INDEX item_vector_item ON SCHEMA.item_vector (item);

  -- A digest for each string of a namespace, all of one length: what is below a namespace begins with its path, and nothing else does.
  CREATE FUNCTION SCHEMA.path_of(namespace text[]) RETURNS bytea LANGUAGE sql STABLE AS $body$
    SELECT coalesce(string_agg(sha256(convert_to(n.label, 'UTF8')), ''::bytea ORDER BY n.place), ''::bytea)
    FROM unnest(namespace) WITH ORDINALITY AS n (label, place)
  $body$;

  -- Above every path that begins with this one: no digest is all ones.
  CREATE FUNCTION SCHEMA.path_end(path bytea) RETURNS bytea LANGUAGE sql STABLE AS $body$
    SELECT path || decode(repeat('ff', 32), 'hex')
  $body$;

  CREATE FUNCTION SCHEMA.clock_ms() RETURNS double precision LANGUAGE sql VOLATILE AS $body$
    SELECT floor(SCHEMA.now_ms())
  $body$;

  CREATE FUNCTION SCHEMA.put_item(p_namespace text[], p_key text, p_value text, p_ttl double precision, p_model text, p_vectors text[])
  RETURNS TABLE (created_at double precision, updated_at double precision) LANGUAGE plpgsql AS $body$
  DECLARE
    moment double precision := SCHEMA.clock_ms();
    written SCHEMA.item%ROWTYPE;
  BEGIN
    INSERT INTO SCHEMA.item AS i (path, key_id, namespace, key, value, created_at, updated_at, ttl_ms, expires_at)
    VALUES (SCHEMA.path_of(p_namespace), SCHEMA.key_of(p_key), p_namespace, p_key, p_value::jsonb, moment, moment, p_ttl, moment + p_ttl)
    ON CONFLICT (path, key_id) DO UPDATE SET
      value = excluded.value, number = DEFAULT, updated_at = moment, ttl_ms = p_ttl, expires_at = moment + p_ttl,
      created_at = CASE WHEN i.expires_at <= moment THEN moment ELSE i.created_at END
    RETURNING * INTO written;
    DELETE FROM SCHEMA.item_vector v WHERE v.item = written.id;
    INSERT INTO SCHEMA.item_vector SELECT written.id, p_model, v.vector::real[] FROM unnest(p_vectors) AS v (vector);
    -- Some of what has expired goes, and last: it waits for nobody, so that two writes never wait for each other.
    DELETE FROM SCHEMA.item d WHERE d.id IN (
      SELECT e.id FROM SCHEMA.item e WHERE e.expires_at <= moment ORDER BY e.expires_at LIMIT 32 FOR UPDATE SKIP LOCKED
    );
    RETURN QUERY SELECT written.created_at, written.updated_at;
  END $body$;

  CREATE FUNCTION SCHEMA.item_json(i SCHEMA.item) RETURNS text LANGUAGE sql STABLE AS $body$
    SELECT json_build_object('namespace', i.namespace, 'key', i.key, 'value', i.value, 'createdAt', i.created_at, 'updatedAt', i.updated_at)::text
  $body$;

  CREATE FUNCTION SCHEMA.get_item(p_namespace text[], p_key text, p_refresh boolean) RETURNS text LANGUAGE plpgsql AS $body$
  DECLARE
    moment double precision := SCHEMA.clock_ms();
    hit SCHEMA.item%ROWTYPE;
  BEGIN
    SELECT * INTO hit FROM SCHEMA.item i
    WHERE i.path = SCHEMA.path_of(p_namespace) AND i.key_id = SCHEMA.key_of(p_key) AND (i.expires_at IS NULL OR i.expires_at > moment);
    IF p_refresh AND hit.ttl_ms IS NOT NULL THEN UPDATE SCHEMA.item i SET expires_at = moment + i.ttl_ms WHERE i.id = hit.id; END IF;
    RETURN CASE WHEN hit.id IS NOT NULL THEN SCHEMA.item_json(hit) END;
  END $body$;

  -- Whether a value is what all comparisons ask; the same as in memory.
  CREATE FUNCTION SCHEMA.item_satisfies(p_value jsonb, p_fields text[], p_operators text[], p_operands text[]) RETURNS boolean LANGUAGE plpgsql STABLE AS $body$
  DECLARE
    asked record;
    actual jsonb;
    operand jsonb;
    ordering integer;
  BEGIN
    FOR asked IN SELECT * FROM unnest(p_fields, p_operators, p_operands) AS c (field, operator, operand) LOOP
      actual := p_value -> asked.field;
      operand := asked.operand::jsonb;
      IF asked.operator = '$eq' THEN
        IF actual IS DISTINCT FROM operand THEN RETURN false; END IF;
        CONTINUE;
      ELSIF asked.operator = '$ne' THEN
        IF actual IS NOT DISTINCT FROM operand THEN RETURN false; END IF;
        CONTINUE;
      END IF;
      IF actual IS NULL OR jsonb_typeof(actual) <> jsonb_typeof(operand) THEN RETURN false; END IF;
      IF jsonb_typeof(operand) = 'number' THEN
        ordering := sign(actual::numeric - operand::numeric);
      ELSE
        ordering := CASE WHEN (actual #>> '{}') COLLATE "C" < (operand #>> '{}') COLLATE "C" THEN -1 WHEN actual = operand THEN 0 ELSE 1 END;
      END IF;
      IF NOT (CASE asked.operator WHEN '$gt' THEN ordering > 0 WHEN '$gte' THEN ordering >= 0 WHEN '$lt' THEN ordering < 0 ELSE ordering <= 0 END) THEN
        RETURN false;
      END IF;
    END LOOP;
    RETURN true;
  END $body$;

  -- How near an item is to a query: the cosine of its nearest vector, as they all have length 1.
  CREATE FUNCTION SCHEMA.item_score(p_item bigint, p_model text, p_query real[]) RETURNS double precision LANGUAGE sql STABLE AS $body$
    SELECT max((SELECT sum(d.a::double precision * d.b) FROM unnest(v.vector, p_query) AS d (a, b)))
    FROM SCHEMA.item_vector v WHERE v.item = p_item AND v.model = p_model AND cardinality(v.vector) = cardinality(p_query)
  $body$;

  CREATE FUNCTION SCHEMA.search_items(
    p_prefix text[], p_fields text[], p_operators text[], p_operands text[], p_model text, p_query text, p_limit bigint, p_offset bigint, p_refresh boolean
  ) RETURNS TABLE (item text, score double precision) LANGUAGE plpgsql AS $body$
  DECLARE
    moment double precision := SCHEMA.clock_ms();
    start bytea := SCHEMA.path_of(p_prefix);
    query real[] := p_query::real[];
    shown bigint[];
    scores double precision[];
  BEGIN
    SELECT array_agg(f.id ORDER BY f.place), array_agg(f.score ORDER BY f.place) INTO shown, scores FROM (
      SELECT r.id, r.score, row_number() OVER (ORDER BY r.score DESC NULLS LAST, r.number DESC) AS place FROM (
        SELECT i.id, i.number, CASE WHEN query IS NOT NULL THEN SCHEMA.item_score(i.id, p_model, query) END AS score FROM SCHEMA.item i
        WHERE i.path BETWEEN start AND SCHEMA.path_end(start) AND (i.expires_at IS NULL OR i.expires_at > moment)
          AND (cardinality(p_fields) = 0 OR SCHEMA.item_satisfies(i.value, p_fields, p_operators, p_operands))
      ) r WHERE query IS NULL OR r.score IS NOT NULL
      ORDER BY place LIMIT p_limit OFFSET p_offset
    ) f;
    IF p_refresh THEN
      UPDATE SCHEMA.item i SET expires_at = moment + i.ttl_ms WHERE i.id IN (
        SELECT s.id FROM SCHEMA.item s WHERE s.id = ANY (shown) AND s.ttl_ms IS NOT NULL FOR UPDATE SKIP LOCKED
      );
    END IF;
    RETURN QUERY
      SELECT SCHEMA.item_json(i), f.score FROM unnest(shown, scores) WITH ORDINALITY AS f (id, score, place) JOIN SCHEMA.item i ON i.id = f.id ORDER BY f.place;
  END $body$;

  CREATE FUNCTION SCHEMA.delete_item(p_namespace text[], p_key text) RETURNS boolean LANGUAGE sql AS $body$
    WITH gone AS (
      DELETE FROM SCHEMA.item i WHERE i.path = SCHEMA.path_of(p_namespace) AND i.key_id = SCHEMA.key_of(p_key) RETURNING i.expires_at
    ) SELECT EXISTS (SELECT FROM gone WHERE expires_at IS NULL OR expires_at > SCHEMA.clock_ms())
  $body$;

  CREATE FUNCTION SCHEMA.list_namespaces(p_prefix text[], p_suffix text[], p_depth integer, p_limit bigint, p_offset bigint)
  RETURNS TABLE (namespace text) LANGUAGE plpgsql AS $body$
  DECLARE
    moment double precision := SCHEMA.clock_ms();
    start bytea := SCHEMA.path_of(p_prefix);
  BEGIN
    RETURN QUERY
      SELECT to_json(d.labels)::text FROM (
        SELECT DISTINCT i.namespace[:p_depth] AS labels FROM SCHEMA.item i
        WHERE i.path BETWEEN start AND SCHEMA.path_end(start) AND (i.expires_at IS NULL OR i.expires_at > moment)
          AND i.namespace[cardinality(i.namespace) - cardinality(p_suffix) + 1:] = p_suffix
      ) d ORDER BY d.labels COLLATE "C" LIMIT p_limit OFFSET p_offset;
  END $body$;
`;
