import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A value that must not be printed: logs, errors and JSON show `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; call it only where the value is used. */
  reveal(): string {
    return this.#value;
  }

  toString(): '[secret]' {
    return '[secret]';
  }

  toJSON(): '[secret]' {
    return '[secret]';
  }

  /** What console.log and util.inspect show. */
  [Symbol.for('nodejs.util.inspect.custom')](): '[secret]' {
    return '[secret]';
  }
}

const millisecondsPerUnit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

function parseDuration(text: string, context: z.RefinementCtx): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) {
    context.addIssue({ code: 'custom', message: "must be a duration such as '500ms', '5s' or '2m'" });
    return z.NEVER;
  }
  return Number(match[1]) * millisecondsPerUnit[match[2] as keyof typeof millisecondsPerUnit];
}

function parsePort(text: string, context: z.RefinementCtx): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  context.addIssue({ code: 'custom', message: 'must be a port from 0 to 65535 (0 = any free port)' });
  return z.NEVER;
}

const port: z.ZodType<number> = z.string().transform(parsePort);
const secret: z.ZodType<Secret> = z.string().transform((value) => new Secret(value));
const url: z.ZodType<string> = z.string().refine((value) => URL.canParse(value), 'must be a URL');
const boolean: z.ZodType<boolean> = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1');
const durationMs: z.ZodType<number> = z.string().transform(parseDuration);

/** A secret in the course of a change: values separated by commas, of which the first is used and each is accepted. */
const splitSecret = (text: string): string[] => text.split(',').map((part) => part.trim());

/** What this process shows others: of a secret in the course of a change the first. */
const shownSecret: z.ZodType<Secret> = z.string().transform((text) => new Secret(splitSecret(text)[0] ?? ''));

const shortestToken = 16;

/** Tokens by which services are known: a JSON object from a service's name to its token, or several during a change. */
const serviceTokens: z.ZodType<Record<string, readonly Secret[]>> = z.string().transform((text, context) => {
  const tokens = z.record(z.string(), z.string().transform(splitSecret)).safeParse(parseJson(text));
  if (!tokens.success) {
    context.addIssue({ code: 'custom', message: 'must be a JSON object of service names and secrets' });
    return z.NEVER;
  }
  if (Object.values(tokens.data).some((values) => values.some((value) => value.length < shortestToken))) {
    context.addIssue({ code: 'custom', message: `every secret must have at least ${shortestToken} characters` });
    return z.NEVER;
  }
  const wrapped = Object.entries(tokens.data).map(([name, values]) => [name, values.map((value) => new Secret(value))]);
  return Object.fromEntries(wrapped) as Record<string, Secret[]>;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One or more keys of 32 bytes in base64, separated by commas: the first encrypts, each opens. */
const encryptionKeys: z.ZodType<readonly [Secret, ...Secret[]]> = z.string().transform((text, context) => {
  const [first = '', ...rest] = splitSecret(text);
  if ([first, ...rest].every((key) => /^[A-Za-z0-9+/]{43}=?$/.test(key)))
    return [new Secret(first), ...rest.map((key) => new Secret(key))] as const;
  const message = 'must be 32 bytes in base64 (for example: openssl rand -base64 32), or several separated by commas';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** Parsers for the kinds of values environments hold; each reads a string. Durations come out in milliseconds. */
export const schemas = { port, secret, shownSecret, serviceTokens, encryptionKeys, url, boolean, durationMs };

/** The variables every process with a gRPC port reads; spread `serviceEnvironment.shape` into the service's schema. */
export const serviceEnvironment = z.object({
  HOST: z.string().default('0.0.0.0'),
  GRPC_PORT: schemas.port,
  ADMIN_PORT: schemas.port,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** What the runtime itself reads in every process. DRAIN_DELAY_MS: how long to serve on once told to stop, milliseconds. */
export const runtimeEnvironment = z.object({
  LOG_LEVEL: serviceEnvironment.shape.LOG_LEVEL,
  DAYBOOK_VERSION: z.string().default('0.1.0'),
  /** The commit the build was made from, where the build knows it. */
  DAYBOOK_COMMIT: z.string().default(''),
  DRAIN_DELAY_MS: z.coerce.number().int().min(0).max(120_000).default(0),
  /** How long, after that, callers may come back who still find this process by its name, in milliseconds. */
  DRAIN_CALLERS_MS: z.coerce.number().int().min(0).max(120_000).default(0),
  /** Base address of an OTLP/HTTP receiver of traces; tracing is off without it. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  /** Share of new traces that are kept, 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});

/** The environment is unusable; `faults` lists every wrong variable by name, never a value. */
export class ConfigError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(`The environment has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Secrets are short; what is larger was named by mistake. Bytes. */
const largestSecretFile = 64 * 1024;

/** What a file holds, less the line end that editors add; undefined when it cannot be read. */
function readSecretFile(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > largestSecretFile ? undefined : text.replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}

/** `NAME_FILE` stands for NAME where NAME is unset; `unreadable` lists names whose file could not be read. */
function takeFiles(env: Record<string, string>): { values: Record<string, string>; unreadable: Set<string> } {
  const values = { ...env };
  const unreadable = new Set<string>();
  for (const [variable, file] of Object.entries(env)) {
    const name = variable.replace(/_FILE$/, '');
    if (name === variable || values[name] !== undefined) continue;
    const text = readSecretFile(file);
    if (text === undefined) unreadable.add(name);
    else if (text !== '') values[name] = text;
  }
  return { values, unreadable };
}

/** `X_PASSWORD` completes an `X_URL` that names a user and no password, so that any character may be in it. */
function completeUrls(values: Record<string, string>): void {
  for (const [variable, password] of Object.entries(values)) {
    const name = variable.replace(/_PASSWORD$/, '_URL');
    const text = values[name];
    if (name === variable || text === undefined || !URL.canParse(text)) continue;
    const url = new URL(text);
    if (url.username === '' || url.password !== '') continue;
    url.password = encodeURIComponent(password);
    values[name] = url.toString();
  }
}

/**
 * Reads a process's configuration once. An empty variable counts as unset, since that is how shells and charts express
 * absence. A secret may come as a file: `NAME_FILE` names it; `X_PASSWORD` is put into an `X_URL` without one.
 * @throws ConfigError with all faults together, so that an operator fixes them in one go
 */
export function loadConfig<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv = process.env): T {
  const present = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
  const { values, unreadable } = takeFiles(present);
  completeUrls(values);
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const variable = issue.path.map(String).join('.');
      const missing = issue.path.length === 1 && values[variable] === undefined;
      const hint = unreadable.has(variable) ? ` (the file named by ${variable}_FILE cannot be read)` : '';
      return `${variable || 'environment'}: ${missing ? `is required${hint}` : issue.message}`;
    }),
  );
}
