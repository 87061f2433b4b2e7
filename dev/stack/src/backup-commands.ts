import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backUpAndProve } from '@daybook/operate/back-up-and-prove';
import { readBackupConfig, readRestoreConfig } from '@daybook/operate/config';
import { countRows } from '@daybook/operate/manifest';
import { restoreBackup } from '@daybook/operate/restore-backup';
import { ConfigError } from '@daybook/runtime/config';
import { createLogger } from '@daybook/runtime/logger';
import { openLocalDatabases, type LocalDatabases } from './local-databases.ts';
import { readSettings } from './settings.ts';

const usage = `Usage: npm run backup
       npm run restore -- FILE [--replace]
  Backups go to BACKUP_DIRECTORY (default: backups in the data folder), and are kept BACKUP_KEEP_DAYS (14).
  With BACKUP_ENCRYPTION_KEY (openssl rand -base64 32) they are encrypted.`;

const say = (line: string) => process.stdout.write(`${line}\n`);
const logger = createLogger('operate', process.env['LOG_LEVEL'] ?? 'error');

/** The variables that name the databases are made up here; what else they read comes from the environment. */
function environmentFor(databases: LocalDatabases, kind: 'app' | 'migrator', dataDirectory: string): NodeJS.ProcessEnv {
  const { auth, scheduling, calcomSync } = databases.urls;
  return {
    BACKUP_DIRECTORY: join(dataDirectory, 'backups'),
    ...process.env,
    AUTH_DATABASE_URL: auth[kind],
    SCHEDULING_DATABASE_URL: scheduling[kind],
    CALCOM_SYNC_DATABASE_URL: calcomSync[kind],
  };
}

async function backup(): Promise<void> {
  const { dataDirectory, databaseUrl } = readSettings(process.env);
  const databases = await openLocalDatabases(dataDirectory, databaseUrl);
  try {
    const config = readBackupConfig(environmentFor(databases, 'app', resolve(dataDirectory)));
    const result = await backUpAndProve({
      urls: urlsOf(databases, 'app'),
      directory: config.BACKUP_DIRECTORY,
      key: config.BACKUP_ENCRYPTION_KEY,
      version: config.DAYBOOK_VERSION,
      retention: { days: config.BACKUP_KEEP_DAYS, atLeast: config.BACKUP_KEEP_AT_LEAST },
      scratchUrl: config.SCRATCH_DATABASE_URL?.reveal() ?? databases.adminUrl,
      logger,
    });
    say(`Backed up ${countRows(result.manifest)} rows as of ${result.manifest.takenAt} to`);
    say(result.file);
    say('It was restored into scratch databases and is whole.');
    if (!config.BACKUP_ENCRYPTION_KEY) say('It is not encrypted: keep it where only you can read it.');
  } finally {
    await databases.close();
  }
}

async function restore(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { replace: { type: 'boolean' } },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new ConfigError([usage]);
  const { dataDirectory, databaseUrl } = readSettings(process.env);
  const databases = await openLocalDatabases(dataDirectory, databaseUrl, { make: true });
  try {
    if (databases.startedBy !== undefined) {
      throw new Error(`Daybook runs on ${resolve(dataDirectory)} (process ${databases.startedBy}). Stop it first.`);
    }
    const config = readRestoreConfig(environmentFor(databases, 'migrator', resolve(dataDirectory)));
    const manifest = await restoreBackup({
      file: resolve(file),
      key: config.BACKUP_ENCRYPTION_KEY,
      urls: urlsOf(databases, 'migrator'),
      replace: values.replace ?? false,
      logger,
    });
    say(`Restored ${countRows(manifest)} rows as of ${manifest.takenAt}. Everybody signs in anew.`);
    say('Start Daybook, then compare with Cal.com: what changed there since the backup is not known here.');
  } finally {
    await databases.close();
  }
}

function urlsOf({ urls }: LocalDatabases, kind: 'app' | 'migrator') {
  return { auth: urls.auth[kind], scheduling: urls.scheduling[kind], calcom_sync: urls.calcomSync[kind] };
}

async function main(): Promise<void> {
  const [command, ...args] = process.argv.slice(2);
  if (command === 'backup' && args.length === 0) return backup();
  if (command === 'restore') return restore(args);
  throw new ConfigError([usage]);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
