import { loadConfig } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { migrate } from '@daybook/runtime/migrations';
import { databaseEnvironment } from './config.ts';
import { migrationsBeside } from './service.ts';

await runMain('scheduling-migrate', async ({ logger, lifecycle }) => {
  const { DATABASE_URL: url } = loadConfig(databaseEnvironment);
  const applied = await migrate({ url, directory: migrationsBeside(import.meta.dirname), logger });
  logger.info({ applied: applied.length }, 'migrations are at level');
  await lifecycle.shutdown();
  process.exit(0);
});
