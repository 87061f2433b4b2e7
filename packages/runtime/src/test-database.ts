import { createHash, randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from './migrations.ts';
import type { Logger } from './logger.ts';

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function withDatabaseName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function hashMigrations(directory: string, extensions: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(extensions.join(','));
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  for (const file of files) hash.update(file).update(await readFile(join(directory, file)));
  return hash.digest('hex').slice(0, 20);
}

type TemplateOptions = { adminUrl: string; migrations: string; extensions: readonly string[]; logger: Logger };

async function ensureTemplate(client: pg.Client, options: TemplateOptions): Promise<string> {
  const name = `template_${await hashMigrations(options.migrations, options.extensions)}`;
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (found.rowCount) return name;
  const draft = `${name}_draft`;
  await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${draft}`);
  const url = withDatabaseName(options.adminUrl, draft);
  await withClient(url, async (inside) => {
    for (const extension of options.extensions) {
      await inside.query(`CREATE EXTENSION IF NOT EXISTS ${pg.escapeIdentifier(extension)}`);
    }
  });
  await migrate({ url, directory: options.migrations, logger: options.logger });
  // Renamed only when complete, so that an interrupted run leaves no half-made template behind.
  await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  return name;
}

/** Makes a database of its own from the template of a migrations folder, building the template on first use. */
export async function cloneDatabase(options: TemplateOptions): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(options.adminUrl, async (client) => {
    // Copying a template allows no other connection to it, so workers take turns.
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', ['daybook-test-template']);
    const template = await ensureTemplate(client, options);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return {
    url: withDatabaseName(options.adminUrl, name),
    drop: () =>
      withClient(options.adminUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}
