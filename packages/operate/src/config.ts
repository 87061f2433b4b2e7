import { loadConfig, schemas, type Secret } from '@daybook/runtime/config';
import { z } from 'zod';
import type { DatabaseUrls } from './databases.ts';

const databaseUrls = {
  AUTH_DATABASE_URL: schemas.secret,
  SCHEDULING_DATABASE_URL: schemas.secret,
  CALCOM_SYNC_DATABASE_URL: schemas.secret,
};

const keyBytes = 32;
const encryptionKey = z
  .string()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === keyBytes, 'must be 32 bytes in base64, such as `openssl rand -base64 32` makes')
  .optional();

const backupEnvironment = z.object({
  ...databaseUrls,
  BACKUP_DIRECTORY: z.string(),
  /** Without it archives are not encrypted. */
  BACKUP_ENCRYPTION_KEY: encryptionKey,
  BACKUP_KEEP_DAYS: z.coerce.number().int().min(1).default(14),
  BACKUP_KEEP_AT_LEAST: z.coerce.number().int().min(1).default(7),
  /** Of a role that may create databases; without it nothing is proven. */
  SCRATCH_DATABASE_URL: schemas.secret.optional(),
  /** Set: stays and takes a backup at this interval. Absent: takes one and ends. */
  BACKUP_EVERY: schemas.durationMs.optional(),
  DAYBOOK_VERSION: z.string().default('0.1.0'),
});

/** What the backup process reads from its environment. */
export type BackupConfig = z.output<typeof backupEnvironment>;

const restoreEnvironment = z.object({ ...databaseUrls, BACKUP_ENCRYPTION_KEY: encryptionKey });

/** What a restore reads; the URLs are of the roles that own the schemas. */
export type RestoreConfig = z.output<typeof restoreEnvironment>;

/** @throws ConfigError with all faults together */
export function readBackupConfig(env?: NodeJS.ProcessEnv): BackupConfig {
  return loadConfig<BackupConfig>(backupEnvironment, env);
}

/** @throws ConfigError with all faults together */
export function readRestoreConfig(env?: NodeJS.ProcessEnv): RestoreConfig {
  return loadConfig<RestoreConfig>(restoreEnvironment, env);
}

/** The three addresses in the form the rest of this package takes. */
export function urlsOf(config: Record<keyof typeof databaseUrls, Secret>): DatabaseUrls {
  return {
    auth: config.AUTH_DATABASE_URL.reveal(),
    scheduling: config.SCHEDULING_DATABASE_URL.reveal(),
    calcom_sync: config.CALCOM_SYNC_DATABASE_URL.reveal(),
  };
}
