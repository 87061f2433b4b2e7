import { join } from 'node:path';
import type { Clock } from '@daybook/runtime/clock';
import { query, type Database } from '@daybook/runtime/postgres';
import { silentLogger, testDatabase } from '@daybook/runtime/testing';
import { createOwner } from '../app/create-owner.ts';
import { createPasswordChecker } from '../app/password-checker.ts';
import type { Argon2Cost } from '../domain/password.ts';

/** A cost at which tests may sign in often; the real one is shown by the command and the process. */
export const cheapCost: Argon2Cost = { memoryKiB: 1024, passes: 1, lanes: 1 };

/** A database of a test. */
export type Practice = { url: string; database: Database; drop(): Promise<void> };

/** The service's migrations. */
export const migrations: string = join(__dirname, '../../migrations');

/** The owner of the practice in tests. */
export const owner = { username: 'Owner', password: 'tulpe-hafen-uhr-77' } as const;

const day = 86_400_000;

/** The lifetimes that are promised. */
export const lifetimes = { accessMs: 600_000, idleMs: 8 * day, absoluteMs: 30 * day } as const;

/** A database with the schema and, unless asked not to, the owner. */
export async function createPractice(clock: Clock, options: { withOwner?: boolean } = {}): Promise<Practice> {
  const practice = await testDatabase({ migrations });
  if (options.withOwner ?? true) {
    const passwords = createPasswordChecker(cheapCost);
    const deps = { database: practice.database, clock, logger: silentLogger, passwords };
    await createOwner(deps)({ ...owner, organizationName: 'Practice' });
  }
  return practice;
}

/** Stores another account of the practice, with the owner's password unless a hash is given. */
export async function addAccount(
  database: Database,
  account: { username: string; active?: boolean; passwordHash?: string },
): Promise<void> {
  await query(database, {
    text: `INSERT INTO users (id, organization_id, username, username_key, full_name, password_hash, roles, active)
           SELECT gen_random_uuid(), organization_id, $1, lower($1), $1, coalesce($2, password_hash), '{staff,customer}', $3
           FROM users WHERE username_key = 'owner'`,
    values: [account.username, account.passwordHash ?? null, account.active ?? true],
  });
}
