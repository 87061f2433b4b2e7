import { join } from 'node:path';
import { loadConfig } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { configSchema } from './config.ts';
import { startCalcomSync } from './start-calcom-sync.ts';

await runMain('calcom-sync', async ({ logger, lifecycle }) => {
  const config = loadConfig(configSchema);
  const migrationsDirectory = join(import.meta.dirname, '../migrations');
  await startCalcomSync(config, { logger, lifecycle, migrationsDirectory });
});
