import { Op } from 'sequelize';
import { query, withTransaction, type Database } from '@daybook/runtime/postgres';
import { modelsOf, type SigningKeyRow } from './models.ts';
import { byModel } from './plain-access.ts';

/** A signing key as stored, its private half sealed. */
export type StoredSigningKey = SigningKeyRow;

/** The keys that may still verify tokens: not retired, or retired after an instant. The newest signing key comes first. */
export async function listSigningKeysAliveSince(database: Database, since: Date): Promise<StoredSigningKey[]> {
  const rows = await byModel(
    modelsOf(database).signingKeys.findAll({
      where: { retiredAt: { [Op.or]: [null, { [Op.gt]: since }] } },
      order: [
        ['createdAt', 'DESC'],
        ['kid', 'ASC'],
      ],
    }),
  );
  const keys = rows.map((row) => row.get({ plain: true }));
  return [...keys.filter((key) => key.retiredAt === null), ...keys.filter((key) => key.retiredAt !== null)];
}

/** Stores the key that `create` makes unless an unretired one exists; under a lock, so that replicas make only one. */
export async function ensureSigningKey(database: Database, create: () => StoredSigningKey): Promise<boolean> {
  return withTransaction(database, async (tx) => {
    await query(tx, { text: `SELECT pg_advisory_xact_lock(hashtextextended('daybook.auth.signing-key', 0))` });
    const existing = await query(tx, { text: 'SELECT kid FROM signing_keys WHERE retired_at IS NULL LIMIT 1' });
    if (existing.length > 0) return false;
    const key = create();
    await query(tx, {
      text: `INSERT INTO signing_keys (kid, public_key_pem, private_key_sealed, created_at) VALUES ($1, $2, $3, $4)`,
      values: [key.kid, key.publicKeyPem, key.privateKeySealed, key.createdAt],
    });
    return true;
  });
}

/** Keeps a signing key's private half sealed another way, unless another replica has done so meanwhile. */
export async function replaceSealedKey(database: Database, key: StoredSigningKey, sealed: Buffer): Promise<void> {
  await query(database, {
    text: 'UPDATE signing_keys SET private_key_sealed = $1 WHERE kid = $2 AND private_key_sealed = $3',
    values: [sealed, key.kid, key.privateKeySealed],
  });
}
