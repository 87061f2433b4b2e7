import { join } from 'node:path';
import { z } from 'zod';
import { loadConfig, schemas } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { migrate } from '@daybook/runtime/migrations';

await runMain('calcom-sync-migrate', async ({ logger }) => {
  const { DATABASE_URL: url } = loadConfig(z.object({ DATABASE_URL: schemas.secret }));
  const applied = await migrate({ url, directory: join(import.meta.dirname, '../migrations'), logger });
  logger.info({ applied }, 'migrated');
});
