import pg from 'pg';
import type { Stack } from '@daybook/stack/start-stack';

/** Who measures what for whom. */
export type BenchPractice = { token: string; organizationId: string; providerIds: string[] };

type Login = { accessToken: string; user: { organizationId: string } };

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Signs in and makes providers that are always open, so that bookings need not queue for one lock unless they are to. */
export async function preparePractice(stack: Stack, providers: number): Promise<BenchPractice> {
  const login = await fetch(`${stack.gatewayUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: stack.owner.username, password: stack.owner.password }),
  });
  const { accessToken: token, user } = (await login.json()) as Login;
  // The first look at the availability makes the practice with its first provider.
  await fetch(`${stack.gatewayUrl}/api/availability`, { headers: { authorization: `Bearer ${token}` } });
  return addProviders(stack, { token, organizationId: user.organizationId, providerIds: [] }, providers);
}

/** Makes more providers until there are so many, all always open. */
export async function addProviders(stack: Stack, practice: BenchPractice, total: number): Promise<BenchPractice> {
  const client = new pg.Client({ connectionString: schedulingAsAdmin(stack) });
  await client.connect();
  await client.query(
    `INSERT INTO providers SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'name', 'Bench ' || n))).*
       FROM providers p, generate_series((SELECT count(*) + 1 FROM providers)::int, $1::int) n
       WHERE p.id = (SELECT id FROM providers ORDER BY id LIMIT 1)`,
    [total],
  );
  const { rows } = await client.query<{ id: string }>('SELECT id FROM providers ORDER BY name, id');
  await client.end();
  const providerIds = rows.map(({ id }) => id);
  const body = JSON.stringify({
    timeZone: 'UTC',
    weekly: days.map((day) => ({ day, start: '00:00', end: '24:00' })),
    overrides: [],
  });
  for (const id of providerIds.filter((each) => !practice.providerIds.includes(each))) {
    const answer = await fetch(`${stack.gatewayUrl}/api/availability?providerId=${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${practice.token}`, 'content-type': 'application/json' },
      body,
    });
    if (answer.status !== 200) throw new Error(`opening hours answered ${answer.status}`);
  }
  return { ...practice, providerIds };
}

/** The scheduling database under the administrator's account. */
export function schedulingAsAdmin(stack: Stack): string {
  const url = new URL(stack.adminDatabaseUrl);
  url.pathname = new URL(stack.databaseUrls.scheduling).pathname;
  return url.toString();
}

/** Deadlocks PostgreSQL has seen since it started. */
export async function countDeadlocks(stack: Stack): Promise<number> {
  const client = new pg.Client({ connectionString: stack.adminDatabaseUrl });
  await client.connect();
  const { rows } = await client.query<{ deadlocks: string }>(
    'SELECT sum(deadlocks) AS deadlocks FROM pg_stat_database',
  );
  await client.end();
  return Number(rows[0]?.deadlocks ?? 0);
}
