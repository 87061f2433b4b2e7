import { query, withTransaction, type Database, type Tx } from '@daybook/runtime/postgres';
import { countFailure, emptyCounter } from '../domain/throttle.ts';
import type { ThrottleCounter, ThrottleCounters, ThrottleScope } from '../domain/throttle.ts';

/** The keyed hashes under which one attempt is counted. */
export type ThrottleKeys = Readonly<Record<ThrottleScope, Buffer>>;

/** The order in which counters are locked, the same everywhere, so that attempts never wait for each other in a ring. */
const scopes: readonly ThrottleScope[] = ['account_address', 'address', 'global'];

type CounterRow = ThrottleCounter & { scope: ThrottleScope };

const columns = `scope, failures, last_failure_at AS "lastFailureAt", blocked_until AS "blockedUntil",
                 admitted_from AS "admittedFrom"`;

/** The counters that bear on an attempt; what has no row has seen nothing. */
export async function readThrottleCounters(on: Database | Tx, keys: ThrottleKeys): Promise<ThrottleCounters> {
  return arrange(
    await query<CounterRow>(on, {
      name: 'read-throttle-counters',
      text: `SELECT ${columns} FROM throttle_counters
             WHERE (scope, key) IN (('account_address', $1::bytea), ('address', $2::bytea), ('global', $3::bytea))`,
      values: scopes.map((scope) => keys[scope]),
    }),
  );
}

/** Counts a failed attempt in every scope, in one transaction; the counters as they stand after it. */
export async function recordFailedAttempt(
  database: Database,
  keys: ThrottleKeys,
  now: Date,
): Promise<ThrottleCounters> {
  return withTransaction(database, (tx) => recordFailureIn(tx, keys, now));
}

/** Counts a failed attempt in every scope within a transaction that decides about more; the counters after it. */
export async function recordFailureIn(tx: Tx, keys: ThrottleKeys, now: Date): Promise<ThrottleCounters> {
  const before = await lockCounters(tx, keys, now);
  const after = arrange([]);
  for (const scope of scopes) {
    after[scope] = countFailure(scope, before[scope], now);
    await writeCounter(tx, scope, keys[scope], after[scope], now);
  }
  return after;
}

async function lockCounters(tx: Tx, keys: ThrottleKeys, now: Date): Promise<ThrottleCounters> {
  const rows: CounterRow[] = [];
  for (const scope of scopes) {
    await query(tx, {
      text: `INSERT INTO throttle_counters (scope, key, updated_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      values: [scope, keys[scope], now],
    });
    const found = await query<CounterRow>(tx, {
      text: `SELECT ${columns} FROM throttle_counters WHERE scope = $1 AND key = $2 FOR UPDATE`,
      values: [scope, keys[scope]],
    });
    rows.push(...found);
  }
  return arrange(rows);
}

async function writeCounter(
  tx: Tx,
  scope: ThrottleScope,
  key: Buffer,
  counter: ThrottleCounter,
  now: Date,
): Promise<void> {
  await query(tx, {
    text: `UPDATE throttle_counters SET failures = $3, last_failure_at = $4, blocked_until = $5, updated_at = $6
           WHERE scope = $1 AND key = $2`,
    values: [scope, key, counter.failures, counter.lastFailureAt, counter.blockedUntil, now],
  });
}

/** Gives an address its turn at `admittedFrom`. */
export async function giveTurn(database: Database, addressKey: Buffer, admittedFrom: Date, now: Date): Promise<void> {
  await query(database, {
    text: `INSERT INTO throttle_counters (scope, key, admitted_from, updated_at) VALUES ('address', $1, $2, $3)
           ON CONFLICT (scope, key) DO UPDATE SET admitted_from = excluded.admitted_from, updated_at = excluded.updated_at`,
    values: [addressKey, admittedFrom, now],
  });
}

/** Forgets the failures of an account at an address after it signed in there. */
export async function forgiveAccountAtAddress(database: Database, key: Buffer): Promise<void> {
  await query(database, {
    text: `DELETE FROM throttle_counters WHERE scope = 'account_address' AND key = $1`,
    values: [key],
  });
}

/** Forgets everything that was counted: an operator has set a new password and wants in. */
export async function clearThrottleCounters(tx: Tx): Promise<void> {
  await query(tx, { text: 'DELETE FROM throttle_counters' });
}

/** Deletes counters that nothing has touched since an instant; how many. */
export async function deleteCountersUntouchedSince(database: Database, since: Date, limit: number): Promise<number> {
  const rows = await query(database, {
    text: `DELETE FROM throttle_counters WHERE (scope, key) IN (
             SELECT scope, key FROM throttle_counters WHERE updated_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
           ) RETURNING scope`,
    values: [since, limit],
  });
  return rows.length;
}

function arrange(rows: readonly CounterRow[]): Record<ThrottleScope, ThrottleCounter> {
  const pick = (scope: ThrottleScope) => rows.find((row) => row.scope === scope) ?? emptyCounter;
  return { account_address: pick('account_address'), address: pick('address'), global: pick('global') };
}
