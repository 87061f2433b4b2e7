import pg from 'pg';

/** Whose database: the three services that keep data. */
export type DatabaseOwner = 'auth' | 'scheduling' | 'calcomSync';

/** How one service reaches its database. */
export type DatabaseUrls = {
  /** Role that may read and write rows, nothing else. */
  app: string;
  /** Role that owns the schema. */
  migrator: string;
};

type DatabaseSpec = { owner: DatabaseOwner; prefix: string; extensions: readonly string[] };

/** The databases and the extensions that only an administrator may create. */
const databases: readonly DatabaseSpec[] = [
  { owner: 'auth', prefix: 'auth', extensions: [] },
  { owner: 'scheduling', prefix: 'scheduling', extensions: ['btree_gist', 'pg_trgm'] },
  { owner: 'calcomSync', prefix: 'calcom_sync', extensions: [] },
];

/** The names of all roles, for which passwords are needed. */
export const databaseRoles: readonly string[] = databases.flatMap(({ prefix }) => [
  `${prefix}_migrator`,
  `${prefix}_app`,
]);

/**
 * Makes, or brings up to date, the three databases with two roles each under an administrator's URL. Safe to repeat.
 *
 * @param passwords by role name; each role is given its password anew, so that a lost data folder does not lock anyone out.
 */
export async function prepareDatabases(
  adminUrl: string,
  passwords: Readonly<Record<string, string>>,
): Promise<Record<DatabaseOwner, DatabaseUrls>> {
  await withClient(adminUrl, async (client) => {
    // Two starts against one server must not create the same role at the same time.
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLockKey]);
    for (const spec of databases) await makeRolesAndDatabase(client, spec, passwords);
  });
  await Promise.all(databases.map((spec) => withClient(inDatabase(adminUrl, spec), (client) => grant(client, spec))));
  const urls = databases.map((spec) => [
    spec.owner,
    {
      app: inDatabase(adminUrl, spec, `${spec.prefix}_app`, passwords),
      migrator: inDatabase(adminUrl, spec, `${spec.prefix}_migrator`, passwords),
    },
  ]);
  return Object.fromEntries(urls) as Record<DatabaseOwner, DatabaseUrls>;
}

/** Any number; all starts of a stack use the same one. */
const advisoryLockKey = 7_305_228;

async function makeRolesAndDatabase(
  client: pg.Client,
  spec: DatabaseSpec,
  passwords: Readonly<Record<string, string>>,
) {
  const migrator = `${spec.prefix}_migrator`;
  const database = databaseName(spec);
  for (const role of [migrator, `${spec.prefix}_app`]) {
    const password = passwords[role];
    if (password === undefined) throw new Error(`There is no password for the database role ${role}.`);
    if (!(await exists(client, 'SELECT 1 FROM pg_roles WHERE rolname = $1', role))) {
      await client.query(`CREATE ROLE ${pg.escapeIdentifier(role)}`);
    }
    await client.query(`ALTER ROLE ${pg.escapeIdentifier(role)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  }
  // On a hosted server the administrator is no superuser and must be a member of a role to give it a database.
  await client.query(`GRANT ${pg.escapeIdentifier(migrator)} TO CURRENT_USER`);
  if (!(await exists(client, 'SELECT 1 FROM pg_database WHERE datname = $1', database))) {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${pg.escapeIdentifier(migrator)}`);
  }
}

async function grant(client: pg.Client, spec: DatabaseSpec): Promise<void> {
  const migrator = pg.escapeIdentifier(`${spec.prefix}_migrator`);
  const app = pg.escapeIdentifier(`${spec.prefix}_app`);
  const database = pg.escapeIdentifier(databaseName(spec));
  for (const extension of spec.extensions) {
    await client.query(`CREATE EXTENSION IF NOT EXISTS ${pg.escapeIdentifier(extension)}`);
  }
  const defaults = `ALTER DEFAULT PRIVILEGES FOR ROLE ${migrator} IN SCHEMA public GRANT`;
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${database} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${app}, ${migrator}`);
  await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${migrator}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${app}`);
  await client.query(`${defaults} SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app}`);
  await client.query(`${defaults} USAGE, SELECT ON SEQUENCES TO ${app}`);
}

async function exists(client: pg.Client, sql: string, name: string): Promise<boolean> {
  return ((await client.query(sql, [name])).rowCount ?? 0) > 0;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function inDatabase(adminUrl: string, spec: DatabaseSpec, role?: string, passwords?: Readonly<Record<string, string>>) {
  const url = new URL(adminUrl);
  url.pathname = `/${databaseName(spec)}`;
  if (role !== undefined) {
    url.username = role;
    url.password = encodeURIComponent(passwords?.[role] ?? '');
  }
  return url.toString();
}

function databaseName(spec: DatabaseSpec): string {
  return `daybook_${spec.prefix}`;
}
