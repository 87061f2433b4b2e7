import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startAdminServer } from '@daybook/runtime/admin-server';
import { systemClock } from '@daybook/runtime/clock';
import { followDatabaseClock } from '@daybook/runtime/database-clock';
import { runMain } from '@daybook/runtime/lifecycle';
import { migrationsApplied } from '@daybook/runtime/migrations';
import { openDatabase } from '@daybook/runtime/postgres';
import { loadServerConfig } from './config.ts';
import { currentCost } from './domain/password.ts';
import { startAuthServer } from './server.ts';

const migrations = join(import.meta.dirname, '../migrations');

await runMain('auth', async ({ logger, lifecycle }) => {
  const config = loadServerConfig();
  const database = openDatabase({ url: config.databaseUrl, applicationName: 'daybook-auth', logger });
  lifecycle.onShutdown('pools', 'database', () => database.close());
  let serving = false;
  const schema = () => migrationsApplied(database, migrations);
  const admin = await startAdminServer({
    host: config.host,
    port: config.adminPort,
    lifecycle,
    logger,
    readiness: { schema, server: async () => serving },
  });
  for (let told = false; !lifecycle.draining && !(await schema().catch(() => false)); told = true) {
    if (!told) logger.info('waiting for the database and its schema');
    await delay(500);
  }
  if (lifecycle.draining) return;
  const server = await startAuthServer({
    ...config,
    passwordCost: currentCost,
    database,
    clock: await followDatabaseClock({ database, logger, lifecycle }),
    tokenClock: systemClock,
    logger,
    lifecycle,
  });
  serving = true;
  logger.info({ grpcPort: server.port, adminPort: admin.port }, 'listening');
});
