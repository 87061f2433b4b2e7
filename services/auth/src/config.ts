import { z } from 'zod';
import { loadConfig, schemas, serviceEnvironment } from '@daybook/runtime/config';

const millisecondsPerDay = 86_400_000;

const days = (fallback: number, longest: number) =>
  z.coerce
    .number()
    .positive()
    .max(longest)
    .default(fallback)
    .transform((count) => count * millisecondsPerDay);

const serverEnvironment = z
  .object({
    ...serviceEnvironment.shape,
    DATABASE_URL: schemas.secret,
    KEY_ENCRYPTION_KEY: schemas.encryptionKeys,
    SERVICE_TOKENS: schemas.serviceTokens,
    // ASVS 9: an access token lives at most fifteen minutes.
    ACCESS_TOKEN_SECONDS: z.coerce.number().int().min(1).max(900).default(600),
    REFRESH_IDLE_DAYS: days(8, 90),
    REFRESH_ABSOLUTE_DAYS: days(30, 365),
  })
  .refine((env) => env.REFRESH_IDLE_DAYS <= env.REFRESH_ABSOLUTE_DAYS, {
    path: ['REFRESH_IDLE_DAYS'],
    message: 'must not be longer than REFRESH_ABSOLUTE_DAYS',
  })
  .transform((env) => ({
    host: env.HOST,
    grpcPort: env.GRPC_PORT,
    adminPort: env.ADMIN_PORT,
    databaseUrl: env.DATABASE_URL,
    keyEncryptionKeys: env.KEY_ENCRYPTION_KEY,
    serviceTokens: env.SERVICE_TOKENS,
    lifetimes: {
      accessMs: env.ACCESS_TOKEN_SECONDS * 1000,
      idleMs: env.REFRESH_IDLE_DAYS,
      absoluteMs: env.REFRESH_ABSOLUTE_DAYS,
    },
  }));

/** Settings of the server; all lifetimes in milliseconds. */
export type ServerConfig = z.output<typeof serverEnvironment>;

/** The server's settings from the environment. @throws ConfigError with every fault */
export function loadServerConfig(env?: NodeJS.ProcessEnv): ServerConfig {
  return loadConfig<ServerConfig>(serverEnvironment, env);
}

const migrationEnvironment = z
  .object({ DATABASE_URL: schemas.secret })
  .transform((env) => ({ databaseUrl: env.DATABASE_URL }));

/** Settings of the migration command. */
export type MigrationConfig = z.output<typeof migrationEnvironment>;

/** The migration command's settings from the environment. @throws ConfigError with every fault */
export function loadMigrationConfig(env?: NodeJS.ProcessEnv): MigrationConfig {
  return loadConfig<MigrationConfig>(migrationEnvironment, env);
}

const accountEnvironment = z
  .object({ DATABASE_URL: schemas.secret, OWNER_USERNAME: z.string() })
  .transform((env) => ({ databaseUrl: env.DATABASE_URL, username: env.OWNER_USERNAME }));

/** Settings of the command that takes the second factor from an account. */
export type AccountConfig = z.output<typeof accountEnvironment>;

/**
 * That command's settings from the environment.
 * @param username stands in place of OWNER_USERNAME
 * @throws ConfigError with every fault
 */
export function loadAccountConfig(username?: string, env: NodeJS.ProcessEnv = process.env): AccountConfig {
  return loadConfig<AccountConfig>(
    accountEnvironment,
    username === undefined ? env : { ...env, OWNER_USERNAME: username },
  );
}

const ownerEnvironment = z
  .object({
    DATABASE_URL: schemas.secret,
    OWNER_USERNAME: z.string(),
    OWNER_PASSWORD: schemas.secret,
    ORGANIZATION_NAME: z.string().default('My practice'),
  })
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL,
    username: env.OWNER_USERNAME,
    password: env.OWNER_PASSWORD,
    organizationName: env.ORGANIZATION_NAME,
  }));

/** Settings of the command that makes or resets the owner. */
export type OwnerConfig = z.output<typeof ownerEnvironment>;

/**
 * The owner command's settings from the environment.
 * @param given stands in place of OWNER_USERNAME and OWNER_PASSWORD
 * @throws ConfigError with every fault
 */
export function loadOwnerConfig(
  given?: { username: string; password: string },
  env: NodeJS.ProcessEnv = process.env,
): OwnerConfig {
  const set = given && { OWNER_USERNAME: given.username, OWNER_PASSWORD: given.password };
  return loadConfig<OwnerConfig>(ownerEnvironment, { ...env, ...set });
}
