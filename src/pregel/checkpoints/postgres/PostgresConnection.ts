import type { Observable } from 'rxjs';
import { lateError } from '../../../core/bridge/lateError.js';
import { requirePositive } from '../../../core/errors/optionChecks.js';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import { contextOf, createSource } from '../../../core/subscription.js';
import { StoreError } from '../StoreError.js';
import type { StoredRow } from '../storedHead.js';
import type { PostgresDatabase } from './PostgresDatabase.js';
import { postgresError } from './postgresError.js';
import { inSchema, migrationOf } from './postgresSchema.js';

/** Where in a database a store is, and how long it may take. */
export interface PostgresOptions {
  /** The schema its tables are in, which is made if it isn't there. Default: `rivulet`. */
  readonly schema?: string;
  /** How long to wait for an answer, then `STORE_FAILED`. Give the pool a `statement_timeout` too, so that the server gives up as well. Default: 30,000. */
  readonly timeoutMs?: number;
}

/**
 * A database, as a store uses it.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function connectionOf(database: PostgresDatabase, { schema = 'rivulet', timeoutMs = 30_000 }: PostgresOptions): PostgresConnection {
  requirePositive('timeoutMs', timeoutMs);
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return new PostgresConnection(database, schema, timeoutMs);
  throw new RivuletError('INVALID_OPTION', `schema is ${JSON.stringify(schema)}. It must be a lower-case name: letters, digits and _, 63 at most`);
}

/** A database with its schema: made when it is first used, and every wait for an answer is bounded. */
export class PostgresConnection {
  private ready: Promise<unknown> | undefined;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly timeoutMs: number,
  ) {}

  /** What a statement of this schema (`SCHEMA.` in it) answers. */
  async rows(sql: string, parameters: unknown[]): Promise<readonly StoredRow[]> {
    await (this.ready ??= this.migrate());
    return this.answer(inSchema(this.schema, sql), parameters);
  }

  async one(sql: string, parameters: unknown[]): Promise<StoredRow | undefined> {
    return (await this.rows(sql, parameters))[0];
  }

  private async migrate(): Promise<void> {
    try {
      await this.answer(migrationOf(this.schema));
    } catch (error) {
      this.ready = undefined; // the next call tries again
      throw error;
    }
  }

  private answer(sql: string, parameters?: unknown[]): Promise<readonly StoredRow[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new StoreError('timeout')), this.timeoutMs);
      const fail = (error: unknown): void => {
        clearTimeout(timer);
        reject(postgresError(error));
      };
      const succeed = ({ rows }: { readonly rows: unknown[] }): void => {
        clearTimeout(timer);
        resolve(rows as StoredRow[]);
      };
      try {
        this.database.query(sql, parameters).then(succeed, fail);
      } catch (error) {
        fail(error);
      }
    });
  }
}

/** Asynchronous work, done at subscription, once; what it resolves to, if anything, is emitted. It goes on when the subscriber leaves. */
export function ask<T>(work: () => Promise<T>): Observable<Exclude<T, undefined | void>> {
  return createSource((subscriber) => {
    const context = contextOf(subscriber);
    work().then(
      (value) => {
        if (value !== undefined) subscriber.next(value as Exclude<T, undefined | void>);
        subscriber.complete();
      },
      (error: unknown) => {
        if (subscriber.closed && context) lateError(error, context);
        subscriber.error(error);
      },
    );
  });
}
