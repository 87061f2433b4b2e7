import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient } from '../support/api-client.ts';
import { owner } from '../support/stack.ts';

/** What an account may be, as the contract knows it. */
export type Role = 'owner' | 'admin' | 'staff' | 'customer';

/** One signed-in person of each role in the practice, and the owner of another practice. */
export type People = Record<Role, ApiClient> & { stranger: ApiClient };

/**
 * Opens an account of each role beside the owner's, and a second practice with its own owner. Accounts are written to the
 * database, because the product opens none yet; all share the owner's password.
 */
export async function openAccounts(stack: Stack): Promise<People> {
  const database = new Client({ connectionString: stack.migratorUrls.auth });
  await database.connect();
  try {
    const { rows } = await database.query<{ organization_id: string; password_hash: string }>(
      'SELECT organization_id, password_hash FROM users WHERE username = $1',
      [owner.username],
    );
    const known = rows[0];
    if (!known) throw new Error('the practice has no owner');
    const otherPractice = randomUUID();
    await database.query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [otherPractice, 'Another practice']);
    const accounts = [
      { username: 'adam-admin', role: 'admin', organizationId: known.organization_id },
      { username: 'stan-staff', role: 'staff', organizationId: known.organization_id },
      { username: 'cora-customer', role: 'customer', organizationId: known.organization_id },
      { username: 'olga-stranger', role: 'owner', organizationId: otherPractice },
    ];
    for (const { username, role, organizationId } of accounts)
      await database.query(
        `INSERT INTO users (id, organization_id, username, username_key, full_name, password_hash, roles)
         VALUES ($1, $2, $3, $3, $3, $4, ARRAY[$5])`,
        [randomUUID(), organizationId, username, known.password_hash, role],
      );
  } finally {
    await database.end();
  }
  const signIn = (username: string): Promise<ApiClient> =>
    ApiClient.signIn(stack.gatewayUrl, { username, password: owner.password });
  return {
    owner: await signIn(owner.username),
    admin: await signIn('adam-admin'),
    staff: await signIn('stan-staff'),
    customer: await signIn('cora-customer'),
    stranger: await signIn('olga-stranger'),
  };
}
