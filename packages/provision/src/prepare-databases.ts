import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig, schemas } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import pg from 'pg';
import { z } from 'zod';
import { databaseRoles, prepareDatabases } from './databases.ts';

/** `auth_migrator` is told its password by AUTH_MIGRATOR_PASSWORD, and so on. */
const variableOf = (role: string): string => `${role.toUpperCase()}_PASSWORD`;
const passwordVariables = Object.fromEntries(databaseRoles.map((role) => [variableOf(role), schemas.secret]));

const environment = z.object({
  ...passwordVariables,
  /** Of an administrator who may create roles and databases. */
  ADMIN_DATABASE_URL: schemas.secret,
  WAIT_SECONDS: z.coerce.number().int().min(0).max(3600).default(600),
});

const pauseMs = 1000;

/** A server that was installed a moment ago is still being set up. @throws pg's error once the time is over */
async function waitForServer(url: string, untilMs: number): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() >= untilMs) throw error;
      await delay(pauseMs);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

await runMain('prepare-databases', async ({ logger, lifecycle }) => {
  const config = loadConfig<Record<string, unknown>>(environment) as z.output<typeof environment> &
    Record<string, { reveal(): string }>;
  const url = config.ADMIN_DATABASE_URL.reveal();
  logger.info('waiting for the database server');
  await waitForServer(url, Date.now() + config.WAIT_SECONDS * 1000);
  const passwords = databaseRoles.map((role) => [role, config[variableOf(role)]?.reveal() ?? ''] as const);
  const databases = await prepareDatabases(url, Object.fromEntries(passwords));
  logger.info({ databases: Object.keys(databases) }, 'databases and roles are ready');
  await lifecycle.shutdown();
  process.exit(0);
});
