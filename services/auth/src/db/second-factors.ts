import { query, type Database, type Tx } from '@daybook/runtime/postgres';

/** A second factor as stored, its secret sealed. Instants are UTC. */
export type StoredSecondFactor = {
  id: string;
  secretSealed: Buffer;
  begunAt: Date;
  /** Null until a first code was right. */
  confirmedAt: Date | null;
  /** The step of the last code that was taken. */
  lastStep: number | null;
  /** The database's clock at the time of reading: what codes are judged by, the same for every replica. */
  databaseNow: Date;
};

/** Since when an account's second factor is on and how many recovery codes count; undefined while it is off. */
export async function findSecondFactor(
  database: Database,
  userId: string,
): Promise<{ since: Date; recoveryCodesLeft: number } | undefined> {
  const [row] = await query<{ since: Date; recoveryCodesLeft: number }>(database, {
    text: `SELECT confirmed_at AS since,
             (SELECT count(*)::int FROM recovery_codes WHERE second_factor_id = second_factors.id) AS "recoveryCodesLeft"
           FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL`,
    values: [userId],
  });
  return row;
}

/** Stores a secret to be confirmed, in place of an earlier one that was not; false when a confirmed one stands there. */
export async function storeBegunFactor(
  database: Database,
  factor: { userId: string; id: string; secretSealed: Buffer; begunAt: Date },
): Promise<boolean> {
  const rows = await query(database, {
    text: `INSERT INTO second_factors (user_id, id, secret_sealed, begun_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (user_id) DO UPDATE
             SET id = excluded.id, secret_sealed = excluded.secret_sealed, begun_at = excluded.begun_at
             WHERE second_factors.confirmed_at IS NULL
           RETURNING 1`,
    values: [factor.userId, factor.id, factor.secretSealed, factor.begunAt],
  });
  return rows.length > 0;
}

/** The second factor of an account, locked until the transaction ends: codes are judged one after the other. */
export async function lockSecondFactor(tx: Tx, userId: string): Promise<StoredSecondFactor | undefined> {
  const [row] = await query<Omit<StoredSecondFactor, 'databaseNow'>>(tx, {
    text: `SELECT id, secret_sealed AS "secretSealed", begun_at AS "begunAt", confirmed_at AS "confirmedAt",
             last_step AS "lastStep" FROM second_factors WHERE user_id = $1 FOR UPDATE`,
    values: [userId],
  });
  if (!row) return undefined;
  // Read once the lock is held, which others may have had for a while.
  const [clock] = await query<{ now: Date }>(tx, { text: 'SELECT clock_timestamp() AS now' });
  if (!clock) throw new Error('the database told no time');
  return { ...row, databaseNow: clock.now };
}

/** Remembers the step of a code that was taken; false when it, or a later one, was taken before. */
export async function takeStep(tx: Tx, id: string, step: number): Promise<boolean> {
  const rows = await query(tx, {
    text: `UPDATE second_factors SET last_step = $2 WHERE id = $1 AND (last_step IS NULL OR last_step < $2) RETURNING 1`,
    values: [id, step],
  });
  return rows.length > 0;
}

/** Uses a recovery code up; how many are left, or undefined when it does not count (any more). */
export async function takeRecoveryCode(tx: Tx, id: string, codeHash: Buffer): Promise<number | undefined> {
  const taken = await query(tx, {
    text: 'DELETE FROM recovery_codes WHERE second_factor_id = $1 AND code_hash = $2 RETURNING 1',
    values: [id, codeHash],
  });
  if (taken.length === 0) return undefined;
  const [left] = await query<{ count: number }>(tx, {
    text: 'SELECT count(*)::int AS count FROM recovery_codes WHERE second_factor_id = $1',
    values: [id],
  });
  return left?.count ?? 0;
}

/** Puts these recovery codes in place of all that are there. */
export async function replaceRecoveryCodes(tx: Tx, id: string, hashes: readonly Buffer[]): Promise<void> {
  await query(tx, { text: 'DELETE FROM recovery_codes WHERE second_factor_id = $1', values: [id] });
  await query(tx, {
    text: 'INSERT INTO recovery_codes (second_factor_id, code_hash) SELECT $1, unnest($2::bytea[])',
    values: [id, hashes],
  });
}

/** From the end of the transaction on no session is opened without a code of this second factor. */
export async function confirmSecondFactor(tx: Tx, userId: string, id: string, now: Date): Promise<void> {
  await query(tx, { text: 'UPDATE second_factors SET confirmed_at = $2 WHERE id = $1', values: [id, now] });
  await query(tx, { text: 'UPDATE users SET second_factor_id = $2 WHERE id = $1', values: [userId, id] });
}

/** Removes an account's second factor with its recovery codes; whether a confirmed one was there. */
export async function removeSecondFactor(tx: Tx, userId: string): Promise<boolean> {
  const removed = await query<{ confirmedAt: Date | null }>(tx, {
    text: 'DELETE FROM second_factors WHERE user_id = $1 RETURNING confirmed_at AS "confirmedAt"',
    values: [userId],
  });
  await query(tx, { text: 'UPDATE users SET second_factor_id = NULL WHERE id = $1', values: [userId] });
  return removed.some(({ confirmedAt }) => confirmedAt !== null);
}

/** A page of sealed secrets after an id, in order of their ids. */
export async function listSealedSecrets(
  database: Database,
  afterId: string,
  limit: number,
): Promise<{ id: string; secretSealed: Buffer }[]> {
  return query<{ id: string; secretSealed: Buffer }>(database, {
    text: `SELECT id, secret_sealed AS "secretSealed" FROM second_factors WHERE id > $1 ORDER BY id LIMIT $2`,
    values: [afterId, limit],
  });
}

/** Keeps a secret sealed another way, unless somebody has done so meanwhile. */
export async function replaceSealedSecret(
  on: Database | Tx,
  factor: { id: string; secretSealed: Buffer },
  sealed: Buffer,
): Promise<void> {
  await query(on, {
    text: 'UPDATE second_factors SET secret_sealed = $3 WHERE id = $1 AND secret_sealed = $2',
    values: [factor.id, factor.secretSealed, sealed],
  });
}
