import { readdir } from 'node:fs/promises';
import type pg from 'pg';
import { databaseNames, migrationsOf, openClient, rowsOf } from '../databases.ts';
import type { DatabaseName, DatabaseUrls } from '../databases.ts';
import { describeFailure, fault, ok, warning, type Finding } from './check.ts';

const oldestServer = 150_000;
const toleratedSkewMs = 2000;
const dangerousSkewMs = 30_000;

type Server = { version: number; text: string; fsync: string; used: number; limit: number; now: Date };

async function checkServer(client: pg.Client, part: string): Promise<Finding[]> {
  const sentAt = Date.now();
  const [server] = await rowsOf<Server>(
    client,
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS text,
       current_setting('fsync') AS fsync, current_setting('max_connections')::int AS limit, clock_timestamp() AS now,
       (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used`,
  );
  const middle = (sentAt + Date.now()) / 2;
  if (!server) return [];
  const findings: Finding[] = [];
  if (server.version < oldestServer) {
    findings.push(
      fault(part, `runs PostgreSQL ${server.text}`, 'Use PostgreSQL 15 or newer; 17 is what Daybook is tested with.'),
    );
  }
  if (server.fsync !== 'on') {
    findings.push(
      fault(
        part,
        'has fsync off: a power cut may lose or break what was booked',
        'Set fsync = on and reload the server.',
      ),
    );
  }
  if (server.used > server.limit * 0.8) {
    findings.push(
      warning(
        part,
        `uses ${server.used} of ${server.limit} connections`,
        'Raise max_connections, or lower DATABASE_POOL or the number of replicas.',
      ),
    );
  }
  const skewMs = Math.abs(server.now.getTime() - middle);
  const says = `the clock is ${(skewMs / 1000).toFixed(1)} s away from ours`;
  const fix = 'Set both clocks by NTP (chrony or systemd-timesyncd); sessions and holds depend on them.';
  if (skewMs > dangerousSkewMs) findings.push(fault(part, says, fix));
  else if (skewMs > toleratedSkewMs) findings.push(warning(part, says, fix));
  return findings;
}

type Role = { name: string; superuser: boolean; creates: boolean; owns: number; blind: string[] };

/** The role of a running service reads and writes rows; it must not be able to change the schema. */
async function checkRole(client: pg.Client, part: string): Promise<Finding[]> {
  const [role] = await rowsOf<Role>(
    client,
    `WITH ours AS (SELECT c.oid, c.relname, c.relowner FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
         AND c.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
     SELECT current_user::text AS name, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       has_schema_privilege('public', 'CREATE') AS creates,
       (SELECT count(*)::int FROM ours WHERE pg_has_role(relowner, 'USAGE')) AS owns,
       (SELECT coalesce(array_agg(relname::text), '{}') FROM ours WHERE relname <> 'schema_migrations'
         AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT'))) AS blind`,
  );
  if (!role) return [];
  const fix = 'Give the service a role of its own that owns nothing, as packages/provision makes it.';
  if (role.superuser) return [fault(part, `is used as superuser ${role.name}`, fix)];
  const findings: Finding[] = [];
  if (role.owns > 0)
    findings.push(fault(part, `the role ${role.name} owns ${role.owns} table(s) and could change them`, fix));
  else if (role.creates)
    findings.push(fault(part, `the role ${role.name} may create tables`, 'REVOKE CREATE ON SCHEMA public from it.'));
  if (role.blind.length > 0) {
    findings.push(
      fault(
        part,
        `the role ${role.name} may not read and write ${role.blind.join(', ')}`,
        'Run the migrations as the role that owns the schema, so that its default privileges apply.',
      ),
    );
  }
  return findings;
}

async function checkMigrations(client: pg.Client, name: DatabaseName, part: string): Promise<Finding[]> {
  const fix =
    'Run the migrations (the migration Job of the chart; `node services/…/src/migrate.ts` with the owning role).';
  const [table] = await rowsOf<{ present: boolean }>(
    client,
    `SELECT to_regclass('schema_migrations') IS NOT NULL AS present`,
  );
  if (!table?.present) return [fault(part, 'has no tables yet', fix)];
  const rows = await rowsOf<{ name: string }>(client, 'SELECT name FROM schema_migrations');
  const applied = new Set(rows.map((row) => row.name));
  const files = (await readdir(migrationsOf(name))).filter((file) => file.endsWith('.sql'));
  const missing = files.filter((file) => !applied.has(file)).sort();
  if (missing.length > 0) return [fault(part, `lacks the migration(s) ${missing.join(', ')}`, fix)];
  const unknown = [...applied].filter((migration) => !files.includes(migration));
  if (unknown.length === 0) return [];
  return [
    warning(
      part,
      `has newer migrations than this version knows: ${unknown.join(', ')}`,
      'Finish the upgrade; do not go back behind them.',
    ),
  ];
}

type Step = (client: pg.Client, part: string) => Promise<Finding[]>;

/** What only one of the databases can tell. */
const particulars: Readonly<Partial<Record<DatabaseName, Step>>> = {
  scheduling: async (client) => [...(await checkOutbox(client)), ...(await checkRecovery(client))],
  calcom_sync: async (client) => [...(await checkOutbox(client)), ...(await checkConnections(client))],
};

async function checkOutbox(client: pg.Client): Promise<Finding[]> {
  const [row] = await rowsOf<{ database: string; count: number; seconds: number }>(
    client,
    `SELECT current_database()::text AS database, count(*)::int AS count,
       coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float8 AS seconds FROM outbox WHERE published_at IS NULL`,
  );
  if (!row || row.seconds <= 60) return [];
  const says = `${row.count} event(s) in ${row.database} have waited for the broker, the oldest ${Math.round(row.seconds)} s`;
  return [
    fault('events', says, 'Look at the broker below, and at the log of the service for "could not be published".'),
  ];
}

async function checkConnections(client: pg.Client): Promise<Finding[]> {
  const rows = await rowsOf<{ target: string; state: string; message: string; parked: number }>(
    client,
    `SELECT c.target, c.state, c.message, (SELECT count(*)::int FROM calendar_links l
       WHERE l.connection_id = c.id AND l.state = 'failed') AS parked FROM connections c WHERE c.state <> 'off'`,
  );
  return rows.flatMap(({ target, state, message, parked }) => {
    const part = `connection to ${target}`;
    const found: Finding[] = [];
    if (state === 'needs_attention')
      found.push(
        fault(part, `stopped: ${message}`, 'Put it right on the Cal.com page of the app, then press "Try again".'),
      );
    else if (state === 'unreachable')
      found.push(
        fault(
          part,
          `has no answer: ${message}`,
          'Check the address and the way out of the network; it goes on by itself.',
        ),
      );
    else found.push(ok(part, state === 'connected' ? 'works' : state));
    if (parked > 0)
      found.push(
        warning(part, `${parked} appointment(s) were refused`, 'See the Cal.com page of the app: each says why.'),
      );
    return found;
  });
}

async function checkRecovery(client: pg.Client): Promise<Finding[]> {
  const [row] = await rowsOf<{ backup: number | null; proof: number | null }>(
    client,
    `SELECT extract(epoch FROM now() - (SELECT max(taken_at) FROM backup_runs))::float8 / 3600 AS backup,
       extract(epoch FROM now() - (SELECT max(proved_at) FROM restore_proofs))::float8 / 3600 AS proof`,
  );
  const fix = 'Take one now (npm run backup, or the CronJob of the chart) and see why the last did not run.';
  if (!row || row.backup === null) return [warning('backup', 'there is none yet', fix)];
  const age = `${Math.round(row.backup)} h old`;
  if (row.backup > 26) return [fault('backup', `the newest is ${age}`, fix)];
  if (row.proof === null || row.proof > 8 * 24) {
    return [
      warning(
        'backup',
        `the newest is ${age}, but none was proven by a restore of late`,
        'Give the backup a SCRATCH_DATABASE_URL.',
      ),
    ];
  }
  return [ok('backup', `the newest is ${age}, the last proven restore ${Math.round(row.proof)} h ago`)];
}

async function checkOne(name: DatabaseName, url: string): Promise<Finding[]> {
  const part = `database ${name}`;
  let client: pg.Client;
  try {
    client = await openClient(url);
  } catch (error) {
    const fix = 'Check the address, the password, and that the server runs and lets this host in.';
    return [fault(part, `cannot be reached: ${describeFailure(error)}`, fix)];
  }
  try {
    const schema = await checkMigrations(client, name, part);
    const complete = !schema.some(({ status }) => status === 'fault');
    const special = particulars[name];
    const found = [
      ...(await checkServer(client, part)),
      ...(await checkRole(client, part)),
      ...schema,
      ...(complete && special ? await special(client, part) : []),
    ];
    return found.some((finding) => finding.part === part)
      ? found
      : [ok(part, 'reached, role and schema as they should be'), ...found];
  } catch (error) {
    return [fault(part, `could not be looked at: ${describeFailure(error)}`, 'Report this together with the version.')];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Looks at each database: server, clock, role, migrations, and what its tables tell of the system. Changes nothing. */
export async function checkDatabases(urls: DatabaseUrls): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const name of databaseNames) found.push(...(await checkOne(name, urls[name])));
  return found;
}
