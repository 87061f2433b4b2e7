import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import type { Account } from '../domain/account.ts';
import { orderRoles, type Role } from '../domain/roles.ts';
import { modelsOf, type UserRow } from './models.ts';
import { byModel } from './plain-access.ts';

/** An account with what opens it: the hash of its password and, where there is one, the id of its second factor. */
export type AccountWithPassword = { account: Account; passwordHash: string; secondFactorId: string | null };

/** The account behind a row. */
export function toAccount(row: UserRow): Account {
  const { id, organizationId, username, fullName, active } = row;
  return { id, organizationId, username, fullName, active, roles: orderRoles(row.roles) };
}

/** The account that a folded username names. */
export async function findAccountByUsernameKey(
  database: Database,
  usernameKey: string,
): Promise<AccountWithPassword | undefined> {
  const found = await byModel(modelsOf(database).users.findOne({ where: { usernameKey } }));
  if (!found) return undefined;
  const row = found.get({ plain: true });
  return { account: toAccount(row), passwordHash: row.passwordHash, secondFactorId: row.secondFactorId };
}

/** Renews a hash, unless the password was changed in the meantime. */
export async function replacePasswordHash(
  database: Database,
  userId: string,
  change: { from: string; to: string },
): Promise<void> {
  await byModel(
    modelsOf(database).users.update({ passwordHash: change.to }, { where: { id: userId, passwordHash: change.from } }),
  );
}

/** Sets a new password unless it was changed or the account closed in the meantime; whether it was set. */
export async function changePasswordHash(
  tx: Tx,
  userId: string,
  change: { from: string; to: string },
  now: Date,
): Promise<boolean> {
  const rows = await query(tx, {
    text: `UPDATE users SET password_hash = $3, password_changed_at = $4
           WHERE id = $1 AND password_hash = $2 AND active RETURNING 1`,
    values: [userId, change.from, change.to, now],
  });
  return rows.length > 0;
}

/** Takes the lock under which accounts of owners are made, until the transaction ends. */
export async function lockOwnerCreation(tx: Tx): Promise<void> {
  await query(tx, { text: `SELECT pg_advisory_xact_lock(hashtextextended('daybook.auth.ensure-owner', 0))` });
}

/** The first account with the role owner. */
export async function findFirstOwner(tx: Tx): Promise<{ id: string; username: string } | undefined> {
  const [row] = await query<{ id: string; username: string }>(tx, {
    text: `SELECT id, username FROM users WHERE 'owner' = ANY (roles) ORDER BY created_at, id LIMIT 1`,
  });
  return row;
}

/** The owner account that a folded username names. */
export async function findOwnerByUsernameKey(
  tx: Tx,
  usernameKey: string,
): Promise<{ id: string; username: string } | undefined> {
  const [row] = await query<{ id: string; username: string }>(tx, {
    text: `SELECT id, username FROM users WHERE username_key = $1 AND 'owner' = ANY (roles)`,
    values: [usernameKey],
  });
  return row;
}

/** Stores a new practice. */
export async function insertOrganization(tx: Tx, organization: { id: string; name: string }): Promise<void> {
  await query(tx, {
    text: 'INSERT INTO organizations (id, name) VALUES ($1, $2)',
    values: [organization.id, organization.name],
  });
}

/** What a new account is stored with. */
export type NewAccount = Omit<Account, 'roles' | 'active'> & {
  usernameKey: string;
  roles: readonly Role[];
  passwordHash: string;
};

/** Stores a new account; the constraint users_username_unique refuses a username that exists. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<void> {
  await query(tx, {
    text: `INSERT INTO users (id, organization_id, username, username_key, full_name, password_hash, roles)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      account.id,
      account.organizationId,
      account.username,
      account.usernameKey,
      account.fullName,
      account.passwordHash,
      account.roles,
    ],
  });
}

/** Sets a new password and lets the account in again. */
export async function resetAccount(tx: Tx, userId: string, passwordHash: string, now: Date): Promise<void> {
  await query(tx, {
    text: 'UPDATE users SET password_hash = $2, password_changed_at = $3, active = true WHERE id = $1',
    values: [userId, passwordHash, now],
  });
}
