import { schemas, serviceEnvironment } from '@daybook/runtime/config';
import { z } from 'zod';

const timeZone = z.string().refine((name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC', {
  message: 'must be an IANA time zone such as Europe/Luxembourg',
});

/** What the service reads from its environment. */
export const schedulingEnvironment = z.object({
  ...serviceEnvironment.shape,
  DATABASE_URL: schemas.secret,
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(16),
  NATS_URL: z.string(),
  AUTH_ADDRESS: z.string(),
  SERVICE_TOKENS: schemas.serviceTokens,
  DEFAULT_TIME_ZONE: timeZone,
  DEFAULT_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166)')
    .default('LU'),
  SYNC_TARGET_ENABLED: schemas.boolean,
});

/** The service's configuration. */
export type SchedulingConfig = z.output<typeof schedulingEnvironment>;

/** What the migration and seeding entry points read. */
export const databaseEnvironment = z.object({ DATABASE_URL: schemas.secret });

/** What seeding a demonstration practice reads. */
export const seedEnvironment = z.object({
  DATABASE_URL: schemas.secret,
  DEFAULT_TIME_ZONE: timeZone.default('Europe/Luxembourg'),
  DEFAULT_COUNTRY: schedulingEnvironment.shape.DEFAULT_COUNTRY,
});
