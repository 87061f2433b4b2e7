import { join } from 'node:path';
import { runMain } from '@daybook/runtime/lifecycle';
import { migrate } from '@daybook/runtime/migrations';
import { loadMigrationConfig } from './config.ts';

await runMain('auth-migrate', async ({ logger }) => {
  const { databaseUrl } = loadMigrationConfig();
  const applied = await migrate({ url: databaseUrl, directory: join(import.meta.dirname, '../migrations'), logger });
  logger.info({ applied }, 'migrated');
});
