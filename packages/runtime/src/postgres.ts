import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import sequelizePackage from 'sequelize';
import type { Sequelize } from 'sequelize';
import { classifyDatabaseFault, isConstraintViolation } from './database-faults.ts';
import type { Secret } from './config.ts';
import { DomainError, findDomainError } from './errors.ts';
import type { Logger } from './logger.ts';
import { watchPool, type PoolCounts } from './pool-metrics.ts';

/** A service's pool of connections; models may be defined on `sequelize`. */
export type Database = { sequelize: Sequelize; close(): Promise<void> };

/** An open transaction; valid only until the work given to withTransaction returns, or until queryAndCommit. */
export type Tx = { readonly transaction: OpenTransaction };

/** What the runtime knows of a transaction; nobody else looks inside. */
type OpenTransaction = { readonly client: PooledClient; over: boolean };

/** One statement: `$1 …` placeholders; a `name` makes it prepared, once per connection, and must always mean this text. */
export type Statement = { name?: string; text: string; values?: readonly unknown[] };

/** How to reach the database; times in milliseconds. */
export type DatabaseOptions = {
  url: string | Secret;
  /** Connections at most; default 8 (two to four a core). */
  poolSize?: number;
  applicationName: string;
  logger: Logger;
  /** Default 5,000. */
  statementTimeoutMs?: number;
  /** Default 3,000. */
  lockTimeoutMs?: number;
};

/** How often withTransaction runs work again after a deadlock or serialization failure. */
const maxRetries = 3;
const acquireTimeoutMs = 2000;
/** How long a connection may take to be made. */
export const connectTimeoutMs = 2000;
/** How much longer than the server's own timeout we wait before we call the connection dead. */
const silenceMarginMs = 2000;

/** The text of a connection string that may be a Secret. */
export function revealUrl(url: string | Secret): string {
  return typeof url === 'string' ? url : url.reveal();
}

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an int8 beyond 2^53 cannot be read as a number');
  return value;
}

/** int8 as number; date as its text, because a local-midnight Date would shift the day in other zones. */
const typeOverrides = new pg.TypeOverrides();
typeOverrides.setTypeParser(pg.types.builtins.INT8, parseInt8);
typeOverrides.setTypeParser(pg.types.builtins.DATE, (text: string) => text);
const parseTextArray = pg.types.getTypeParser(1009 as number) as (text: string) => (string | null)[];
/** pg_type.oid of bigint[] and date[], which pg's list of names leaves out. */
const arrayOids = { int8: 1016 as number, date: 1182 as number };
typeOverrides.setTypeParser(arrayOids.int8, (text: string) =>
  parseTextArray(text).map((item) => (item === null ? null : parseInt8(item))),
);
typeOverrides.setTypeParser(arrayOids.date, parseTextArray);

type PooledClient = pg.Client & {
  _invalid?: boolean;
  /** Statements are sent without waiting for the answer to the one before. */
  pipeline?: boolean;
  connection: { stream: { cork(): void; uncork(): void } };
};

/** The few members of Sequelize we use that its types leave out or state too narrowly. */
type ConnectionPool = {
  pool: PoolCounts;
  getConnection(options: object): Promise<PooledClient>;
  releaseConnection(client: PooledClient): void;
  destroyConnection(client: PooledClient): Promise<void>;
};

function poolOf(database: Pick<Database, 'sequelize'>): ConnectionPool {
  return database.sequelize.connectionManager as unknown as ConnectionPool;
}

function connectionOf(tx: Tx): PooledClient {
  const { client, over } = tx.transaction;
  if (over) throw new DomainError('bug', 'TRANSACTION_OVER', 'The transaction is already over.');
  return client;
}

/**
 * Sequelize listens for errors only after a connection was made; the server may end it in the very packet that says it is
 * ready, and an error that nobody hears ends the process.
 */
class HeardClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
const driver: object = Object.create(pg, { Client: { value: HeardClient } }) as object;

/**
 * Opens the pool; the first connection is made by the first query. Sequelize attaches an error listener to every
 * connection it makes, so a database restart drops idle connections without an uncaught exception. SQL and values are
 * never logged.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { statementTimeoutMs = 5000, poolSize = 8 } = options;
  const sequelize = new sequelizePackage.Sequelize(revealUrl(options.url), {
    dialect: 'postgres',
    dialectModule: driver,
    logging: false,
    pool: { max: poolSize, min: 0, acquire: acquireTimeoutMs, idle: 30_000 },
    dialectOptions: {
      application_name: options.applicationName,
      statement_timeout: statementTimeoutMs,
      lock_timeout: options.lockTimeoutMs ?? 3000,
      idle_in_transaction_session_timeout: 10_000,
      query_timeout: statementTimeoutMs + silenceMarginMs,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    },
  });
  sequelize.addHook('afterConnect', (connection: unknown) => {
    const client = connection as PooledClient;
    client.pipeline = true;
    client.on('error', (error) => options.logger.warn({ err: error }, 'database connection lost'));
  });
  const unwatch = watchPool(poolOf({ sequelize }).pool, options.applicationName, poolSize);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    unwatch();
    return (closed ??= sequelize.close());
  };
  return { sequelize, close };
}

function unavailable(error: unknown): DomainError {
  return new DomainError('unavailable', 'DATABASE_UNAVAILABLE', 'The database cannot be reached at the moment.', {
    cause: error,
  });
}

function busy(error: unknown): DomainError {
  return new DomainError('unavailable', 'DATABASE_BUSY', 'The database is too busy at the moment.', { cause: error });
}

/** Availability faults as DomainErrors; every other error unchanged, with pg's code and constraint. */
function translateFault(error: unknown): unknown {
  if (findDomainError(error)) return error;
  const fault = classifyDatabaseFault(error);
  if (fault === 'unavailable') return unavailable(error);
  return fault === undefined ? error : busy(error);
}

async function runStatement<Row>(client: PooledClient, statement: Statement): Promise<Row[]> {
  return (await send(client, statement)).rows as Row[];
}

async function send(client: PooledClient, statement: Statement): Promise<pg.QueryResult> {
  const config: pg.QueryConfig & { types: pg.CustomTypesConfig } = {
    text: statement.text,
    values: statement.values ? [...statement.values] : [],
    types: typeOverrides,
    ...(statement.name === undefined ? {} : { name: statement.name }),
  };
  try {
    return await client.query(config);
  } catch (error) {
    const fault = classifyDatabaseFault(error);
    // A silent connection still has our query in flight, and a stale plan stays with it: neither may be reused.
    if (fault === 'unavailable' || fault === 'stale-plan') client._invalid = true;
    throw error;
  }
}

function giveBack(pool: ConnectionPool, client: PooledClient): void {
  if (client._invalid) void pool.destroyConnection(client).catch(() => undefined);
  else pool.releaseConnection(client);
}

/** What is sent meanwhile leaves in one packet: each system call costs more than a small statement. */
function together<T>(client: PooledClient, sending: () => T): T {
  const { stream } = client.connection;
  stream.cork();
  try {
    return sending();
  } finally {
    stream.uncork();
  }
}

async function runOnPool<Row>(database: Database, statement: Statement): Promise<Row[]> {
  const pool = poolOf(database);
  const client = await pool.getConnection({});
  try {
    return await runStatement<Row>(client, statement);
  } finally {
    giveBack(pool, client);
  }
}

/**
 * Runs one statement on Sequelize's pooled pg connection: in a transaction on its own, else on any. This is a third
 * faster than Sequelize's raw path because named statements keep their plan.
 *
 * Values: pass jsonb arrays as JSON text (pg writes JavaScript arrays as SQL arrays). Results: timestamptz is a Date,
 * int8 a number, date `YYYY-MM-DD`, numeric a string, bytea a Buffer; ranges come as text, so select lower() and upper().
 * @throws pg's own error with `code` and `constraint`; outside a transaction connection faults are DomainErrors
 *   `DATABASE_UNAVAILABLE` or `DATABASE_BUSY` (inside one, withTransaction translates them)
 */
export async function query<Row>(on: Database | Tx, statement: Statement): Promise<Row[]> {
  if ('transaction' in on) return runInTransaction<Row>(on, statement);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runOnPool<Row>(on, statement);
    } catch (error) {
      if (attempt < maxRetries && classifyDatabaseFault(error) === 'stale-plan') continue;
      throw translateFault(error);
    }
  }
}

async function rollBack(tx: Tx, fault: ReturnType<typeof classifyDatabaseFault>): Promise<void> {
  const { client, over } = tx.transaction;
  if (over) return;
  tx.transaction.over = true;
  // A rollback on a dead or silent connection would only wait; closing it makes the server roll back.
  if (fault === 'unavailable' || fault === 'stale-plan') client._invalid = true;
  else await send(client, { text: 'ROLLBACK' }).catch(() => (client._invalid = true));
}

const sawError = new WeakSet<Tx>();

/**
 * COMMIT of an aborted transaction "succeeds" as a rollback, which would lose work behind a swallowed error. Only a
 * transaction in which a statement failed is asked whether it is still alive (it is after ROLLBACK TO SAVEPOINT).
 */
async function assertCommittable(tx: Tx): Promise<void> {
  if (!sawError.has(tx)) return;
  await runStatement(connectionOf(tx), { text: 'SELECT 1' }).catch((error: unknown) => {
    const message = 'A statement of this transaction failed and was ignored.';
    throw new DomainError('bug', 'TRANSACTION_ABORTED', message, { cause: error });
  });
}

async function runInTransaction<Row>(tx: Tx, statement: Statement): Promise<Row[]> {
  try {
    return await runStatement<Row>(connectionOf(tx), statement);
  } catch (error) {
    sawError.add(tx);
    throw error;
  }
}

async function commit(tx: Tx): Promise<void> {
  const { client } = tx.transaction;
  tx.transaction.over = true;
  try {
    const { command } = await send(client, { text: 'COMMIT' });
    if (command === 'COMMIT') return;
  } catch (error) {
    // How a transaction ended whose COMMIT failed is unknown; its connection goes.
    client._invalid = true;
    throw error;
  }
  throw new DomainError('bug', 'TRANSACTION_ABORTED', 'A statement of this transaction failed and was ignored.');
}

/**
 * Runs the last statement of a transaction and commits, in one round trip. When the statement fails, the COMMIT that
 * follows it ends the transaction as a rollback. Nothing may be asked of the transaction afterwards.
 * @throws as query() inside a transaction, or as the COMMIT of withTransaction
 */
export async function queryAndCommit<Row>(tx: Tx, statement: Statement): Promise<Row[]> {
  const client = connectionOf(tx);
  const [answer, end] = await Promise.allSettled(
    together(client, () => [runStatement<Row>(client, statement), commit(tx)] as const),
  );
  if (answer.status === 'rejected') throw answer.reason;
  if (end.status === 'rejected') throw end.reason;
  return answer.value;
}

async function runOnce<T>(database: Database, work: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
  const pool = poolOf(database);
  const client = await pool.getConnection({});
  const tx: Tx = { transaction: { client, over: false } };
  try {
    const result = await beginAndWork(tx, work, options);
    if (tx.transaction.over) return result;
    await assertCommittable(tx);
    await commit(tx);
    return result;
  } catch (error) {
    await rollBack(tx, classifyDatabaseFault(error));
    throw error;
  } finally {
    giveBack(pool, client);
  }
}

async function beginAndWork<T>(
  tx: Tx,
  work: (tx: Tx) => Promise<T>,
  { firstStatementReads = false }: TransactionOptions,
): Promise<T> {
  const { client } = tx.transaction;
  if (!firstStatementReads) {
    await send(client, { text: 'BEGIN' });
    return work(tx);
  }
  const begun = together(client, () => {
    const sent = send(client, { text: 'BEGIN' });
    return [sent, work(tx)] as const;
  });
  const [begin, result] = await Promise.allSettled(begun);
  if (begin.status === 'rejected') throw begin.reason;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** How a transaction begins. */
export type TransactionOptions = {
  /**
   * The first statement, sent before `work` waits for anything, only reads or locks: it then travels with BEGIN in one
   * round trip. Default false: were BEGIN to fail alone, a first statement that writes would stand on its own.
   */
  firstStatementReads?: boolean;
};

/**
 * Runs work in one READ COMMITTED transaction; it is rolled back before its connection returns to the pool. Deadlocks
 * and serialization failures are run again up to three times with jitter, so `work` must have no effect outside it.
 * @throws DomainError unavailable `DATABASE_BUSY` (retries spent, lock or statement timeout, no free connection) or
 *   `DATABASE_UNAVAILABLE` (connection fault; when it struck during COMMIT the outcome is unknown); anything else as
 *   `work` threw it
 */
export async function withTransaction<T>(
  database: Database,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runOnce(database, work, options);
    } catch (error) {
      const fault = findDomainError(error) ? undefined : classifyDatabaseFault(error);
      if ((fault !== 'retry' && fault !== 'stale-plan') || attempt >= maxRetries) throw translateFault(error);
      await delay(Math.random() * 20 * 2 ** attempt);
    }
  }
}

/** Whether an error, however wrapped, is the violation of the named constraint. */
export function isConstraint(error: unknown, name: string): boolean {
  return isConstraintViolation(error, name);
}
