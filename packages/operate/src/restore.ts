import { parseArgs } from 'node:util';
import { ConfigError } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { readRestoreConfig, urlsOf } from './config.ts';
import { countRows } from './manifest.ts';
import { restoreBackup } from './restore-backup.ts';

const usage = 'node packages/operate/src/restore.ts FILE [--replace]';

await runMain('restore', async ({ logger, lifecycle }) => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { replace: { type: 'boolean' } } });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new ConfigError([`usage: ${usage}`]);
  const config = readRestoreConfig();
  const manifest = await restoreBackup({
    file,
    key: config.BACKUP_ENCRYPTION_KEY,
    urls: urlsOf(config),
    replace: values.replace ?? false,
    logger,
  });
  logger.info({ takenAt: manifest.takenAt, rows: countRows(manifest) }, 'restored');
  await lifecycle.shutdown();
  process.exit(0);
});
