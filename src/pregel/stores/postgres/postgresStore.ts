import { of, switchMap, type Observable } from 'rxjs';
import { connectionOf, type PostgresConnection, type PostgresOptions } from '../../checkpoints/postgres/PostgresConnection.js';
import type { PostgresDatabase } from '../../checkpoints/postgres/PostgresDatabase.js';
import { StoredError } from '../../checkpoints/StoredError.js';
import { storedNumber, storedText, type StoredRow } from '../../checkpoints/storedHead.js';
import type { Vector } from '../../../operators/retrieval/embeddings.js';
import { answer } from '../answer.js';
import { comparisonsOf } from '../filter.js';
import type { Item, ItemValue, Namespace } from '../Item.js';
import type { FoundItem, GetOptions, ListNamespacesOptions, PutOptions, SearchOptions, Store, StoreOptions } from '../Store.js';
import { listingOf, pageOf, requireIndexed, requireNamespace, requirePlace, requireStoreOptions, requireValue, ttlOf } from '../storeChecks.js';
import { queryVector, vectorsOf } from '../storeIndex.js';
import { jsonOfStored, storedJson, storedString } from './storedJson.js';

/** Settings of a long-term store in PostgreSQL. */
export interface PostgresStoreOptions extends StoreOptions, PostgresOptions {}

/**
 * Keeps items in PostgreSQL, beside the checkpoints of the same schema or by itself. Its clock is the server's; each write clears away some
 * of what has expired. Every operation is one statement. The tables are made at first use.
 *
 * Vectors are plain arrays and no extension is needed: a query is compared with every item below its prefix that the filter lets
 * through, in the server and exactly, at some 0.1 ms for a vector of 1,536 numbers. For more than some 10,000 items under one prefix, use
 * a vector database.
 *
 * *Timing*: the database's, and the embeddings'. *Errors*: those of `Store`.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts no-run
 * import { postgresStore } from 'rivulet/postgres';
 * import pg from 'pg';
 *
 * const store = postgresStore(new pg.Pool({ statement_timeout: 10_000 }), { ttlMs: 30 * 24 * 3_600_000, refreshOnRead: true });
 * store.get(['users', 'ada'], 'profile').subscribe((item) => item?.value['name']);
 * ```
 *
 * @param database a pool or a client of `pg`, or a PGlite; its encoding must be UTF8. It stays open
 */
export function postgresStore(database: PostgresDatabase, options: PostgresStoreOptions = {}): Store {
  return new ItemsInPostgres(connectionOf(database, options), requireStoreOptions(options));
}

class ItemsInPostgres implements Store {
  constructor(
    private readonly database: PostgresConnection,
    private readonly options: StoreOptions,
  ) {}

  put(namespace: Namespace, key: string, value: ItemValue, options: PutOptions = {}): Observable<Item> {
    return answer(() => {
      requirePlace(namespace, key);
      const ttlMs = ttlOf(options, this.options);
      const json = storedJson(requireValue(value));
      const { index } = this.options;
      const vectors = index && options.index !== false ? vectorsOf(index, value, options.index) : of([]);
      return vectors.pipe(switchMap((known) => answer(() => this.write([...namespace], key, json, ttlMs, known))));
    });
  }

  get(namespace: Namespace, key: string, { refreshTtl = this.options.refreshOnRead }: GetOptions = {}): Observable<Item | undefined> {
    return answer(async () => {
      requirePlace(namespace, key);
      const row = await this.database.one('SELECT SCHEMA.get_item($1, $2, $3) AS item', [labelsOf(namespace), storedString(key), refreshTtl ?? false]);
      return row?.['item'] === null ? undefined : itemOf(row ?? {});
    });
  }

  search(prefix: Namespace, options: SearchOptions = {}): Observable<readonly FoundItem[]> {
    const { query } = options;
    if (query === undefined) return answer(() => this.found(prefix, options, undefined));
    return answer(() => queryVector(requireIndexed(this.options.index), query)).pipe(switchMap((vector) => answer(() => this.found(prefix, options, vector))));
  }

  delete(namespace: Namespace, key: string): Observable<boolean> {
    return answer(async () => {
      requirePlace(namespace, key);
      const row = await this.database.one('SELECT SCHEMA.delete_item($1, $2) AS gone', [labelsOf(namespace), storedString(key)]);
      return row?.['gone'] === true;
    });
  }

  listNamespaces(options: ListNamespacesOptions = {}): Observable<readonly Namespace[]> {
    return answer(async () => {
      const { prefix, suffix, maxDepth, limit, offset } = listingOf(options);
      const rows = await this.database.rows('SELECT namespace FROM SCHEMA.list_namespaces($1, $2, $3, $4, $5)', [labelsOf(prefix), labelsOf(suffix), maxDepth, limit, offset]);
      return rows.map((row) => parsed(row, 'namespace') as Namespace);
    });
  }

  private async write(namespace: Namespace, key: string, json: string, ttlMs: number | undefined, vectors: readonly Vector[]): Promise<Item> {
    const row = await this.database.one('SELECT * FROM SCHEMA.put_item($1, $2, $3, $4, $5, $6)', [
      labelsOf(namespace), storedString(key), json, ttlMs ?? null, this.options.index?.embed.id ?? '', vectors.map(vectorText),
    ]);
    return { namespace, key, value: jsonOfStored(json) as ItemValue, createdAt: storedNumber(row ?? {}, 'created_at'), updatedAt: storedNumber(row ?? {}, 'updated_at') };
  }

  private async found(prefix: Namespace, options: SearchOptions, vector: Vector | undefined): Promise<readonly FoundItem[]> {
    requireNamespace(prefix, 'the prefix');
    const comparisons = comparisonsOf(options.filter);
    const { limit, offset } = pageOf(options, 10);
    const rows = await this.database.rows('SELECT * FROM SCHEMA.search_items($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      labelsOf(prefix), comparisons.map(({ field }) => storedString(field)), comparisons.map(({ operator }) => operator), comparisons.map(({ operand }) => storedJson(operand)),
      this.options.index?.embed.id ?? '', vector ? vectorText(vector) : null, limit, offset, options.refreshTtl ?? this.options.refreshOnRead ?? false,
    ]);
    return rows.map((row) => (vector ? { ...itemOf(row), score: storedNumber(row, 'score') } : itemOf(row)));
  }
}

const labelsOf = (namespace: Namespace): readonly string[] => namespace.map(storedString);

const vectorText = (vector: Vector): string => `{${vector.join(',')}}`;

/** Errors: `STORED_INVALID`. */
function itemOf(row: StoredRow): Item {
  const item = parsed(row, 'item') as Partial<Item> | null;
  if (Array.isArray(item?.namespace) && typeof item.value === 'object' && item.value !== null && !Array.isArray(item.value)) return item as Item;
  throw new StoredError('STORED_INVALID', "a stored item isn't what a put writes");
}

function parsed(row: StoredRow, column: string): unknown {
  const text = storedText(row, column);
  try {
    return jsonOfStored(text);
  } catch (cause) {
    throw new StoredError('STORED_INVALID', `a stored ${column} isn't JSON`, cause);
  }
}
