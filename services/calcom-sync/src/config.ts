import { z } from 'zod';
import { Secret, schemas, serviceEnvironment } from '@daybook/runtime/config';

/** An empty variable means the same as none: charts and shells cannot always leave one out. */
function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
}

/** Keys of 32 bytes in base64, separated by commas; the error never shows one. */
const encryptionKeys = z
  .string()
  .default('')
  .transform((text, context) => {
    const keys = text.split(',').flatMap((part) => (part.trim() === '' ? [] : [Buffer.from(part.trim(), 'base64')]));
    if (keys.every((key) => key.byteLength === 32)) return keys.map((key) => new Secret(key.toString('base64')));
    context.addIssue({ code: 'custom', message: 'must be 32 bytes in base64' });
    return z.NEVER;
  });

const milliseconds = z.coerce.number().int().min(1).max(3_600_000);

/** Everything this process reads from its environment. */
export const configSchema = z
  .object({
    ...serviceEnvironment.shape,
    DATABASE_URL: schemas.secret,
    NATS_URL: schemas.url,
    AUTH_ADDRESS: z.string().min(1),
    SCHEDULING_ADDRESS: z.string().min(1),
    SERVICE_TOKENS: schemas.serviceTokens.default({}),
    SCHEDULING_SERVICE_TOKEN: schemas.shownSecret,
    /** Base URL of the Cal.com API including /v2; without it nothing is pushed. */
    CALCOM_API_URL: optional(schemas.url),
    CALCOM_API_KEY: optional(schemas.secret),
    /** Which kind of Cal.com CALCOM_API_URL names; auto: told by its host name, self-hosted unless of cal.com. */
    CALCOM_PROFILE: z.enum(['diy', 'hosted', 'auto']).default('auto'),
    /** How long one call may take, ms. */
    CALCOM_TIMEOUT_MS: milliseconds.default(8000),
    /** How long a call we gave up on may still take effect there, ms; the same as our own patience unless told. */
    CALCOM_SETTLE_MS: optional(milliseconds),
    CALCOM_ATTENDEES: z.enum(['real', 'placeholder']).default('real'),
    PLACEHOLDER_EMAIL_DOMAIN: z.string().min(3).default('customers.daybook.invalid'),
    /** Hosts the app may connect to besides public https ones, with or without :port, separated by commas. */
    CALCOM_ALLOWED_HOSTS: z.string().default(''),
    /** When set, nothing else is ever connected, whatever is typed: for a practice whose people are invented. */
    CALCOM_ONLY_ORIGIN: optional(schemas.url),
    /** What API keys and webhook secrets rest encrypted with; without it the app cannot keep any. */
    CONNECTION_ENCRYPTION_KEY: encryptionKeys,
    /** Older keys, which still open; what rests under them is sealed anew. */
    CONNECTION_ENCRYPTION_KEY_PREVIOUS: encryptionKeys,
    /** Our origin as the internet sees it; without it Cal.com cannot tell us anything and is asked instead. */
    PUBLIC_URL: optional(schemas.url),
    /** Which organisation the connection of the environment belongs to; the first one seen unless told. */
    CALCOM_ORGANIZATION_ID: optional(z.uuid()),
    /** How often the list of changes is asked for what the broker forgot, ms. */
    CHANGES_POLL_MS: milliseconds.default(30_000),
    /** How long moves and cancels wait for a change of mind, ms. */
    COALESCE_MS: z.coerce.number().int().min(0).max(10_000).default(1500),
    /** How long a worker owns a connection without renewing, ms; longer than one call. */
    LEASE_MS: milliseconds.default(15_000),
    /** The longest between two looks at what changed in Cal.com, ms; its promise by polling alone is thirty seconds. */
    INBOUND_POLL_MS: milliseconds.default(25_000),
    /** The hour of the daily comparison of both sides, 0-23, in the zone of the practice's hours. */
    SWEEP_HOUR: z.coerce.number().int().min(0).max(23).default(3),
    /** How many days ahead both sides are compared. */
    SWEEP_DAYS: z.coerce.number().int().min(1).max(730).default(120),
    /** How often a connection that needs a person is asked again, ms. */
    ATTENTION_PROBE_MS: milliseconds.default(60_000),
  })
  .superRefine((config, context) => {
    if (config.CALCOM_API_URL && !config.CALCOM_API_KEY) {
      context.addIssue({ code: 'custom', path: ['CALCOM_API_KEY'], message: 'is needed with CALCOM_API_URL' });
    }
    if (config.LEASE_MS <= config.CALCOM_TIMEOUT_MS) {
      context.addIssue({ code: 'custom', path: ['LEASE_MS'], message: 'must be longer than CALCOM_TIMEOUT_MS' });
    }
  });

/** The typed configuration. */
export type Config = z.infer<typeof configSchema>;
