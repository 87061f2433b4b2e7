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

const brokerUrl = z
  .string()
  .refine((text) => /^(nats|tls):/.test(text) && URL.canParse(text), 'must be a nats:// or tls:// URL');

const doctorEnvironment = z.object({
  AUTH_DATABASE_URL: schemas.secret.optional(),
  SCHEDULING_DATABASE_URL: schemas.secret.optional(),
  CALCOM_SYNC_DATABASE_URL: schemas.secret.optional(),
  NATS_URL: brokerUrl.optional(),
  /** The users of the services, to see that they are let in and no further. */
  GATEWAY_NATS_URL: brokerUrl.optional(),
  SCHEDULING_NATS_URL: brokerUrl.optional(),
  CALCOM_SYNC_NATS_URL: brokerUrl.optional(),
  CALCOM_API_URL: schemas.url.optional(),
  CALCOM_API_KEY: schemas.secret.optional(),
  PUBLIC_URL: schemas.url.optional(),
  /** Admin ports of the processes, separated by commas: `gateway=http://127.0.0.1:9080,auth=…`. */
  ADMIN_URLS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((entry) => entry.trim() !== ''))
    .pipe(z.array(z.string().regex(/^[a-z-]+=https?:\/\/\S+$/, 'must be name=http://host:port, separated by commas'))),
  /** Folders whose disks must have room, separated by commas. */
  DISKS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((folder) => (folder.trim() === '' ? [] : [folder.trim()]))),
});

/** What the doctor reads; whatever is absent is not looked at, and it says so. */
export type DoctorConfig = z.output<typeof doctorEnvironment>;

/** @throws ConfigError with all faults together */
export function readDoctorConfig(env?: NodeJS.ProcessEnv): DoctorConfig {
  return loadConfig<DoctorConfig>(doctorEnvironment, env);
}
