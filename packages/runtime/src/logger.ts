import { pino } from 'pino';
import { currentTraceId } from './trace-context.ts';

/** A pino logger writing JSON lines. */
export type Logger = pino.Logger;

/** Keys whose values are never written, at the top level and one or two levels down. */
const hiddenKeys = [
  'password',
  'newPassword',
  'currentPassword',
  'passwordHash',
  'secret',
  'recoveryCodes',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'Authorization',
  'cookie',
  'apiKey',
  'privateKey',
  'privateKeyPem',
  'signature',
  'databaseUrl',
  'email',
  'phone',
  'notes',
  'note',
  'customerName',
  'attendee',
];

const redactedPaths = hiddenKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

type LoggedError = {
  type: string;
  message: string;
  stack?: string;
  code?: unknown;
  kind?: unknown;
  constraint?: unknown;
  cause?: unknown;
};

/**
 * What a log line says of an error: fields are allow-listed, because database errors carry the offending values
 * (`detail`, `where`, `parameters`) and HTTP errors carry headers.
 */
export function describeError(error: unknown, depth = 0): LoggedError | string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : `a thrown ${typeof error}`;
  const { code, kind, constraint } = error as { code?: unknown; kind?: unknown; constraint?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(code === undefined ? {} : { code }),
    ...(kind === undefined ? {} : { kind }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(error.cause === undefined || depth >= 5 ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** How every Daybook logger is set up; exported so that a test can write to a stream of its own. */
export function loggerOptions(name: string, level: string): pino.LoggerOptions {
  return {
    name,
    level,
    base: { name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const traceId = currentTraceId();
      return traceId === undefined ? {} : { traceId };
    },
    redact: { paths: redactedPaths, censor: '[hidden]' },
    serializers: { err: describeError, error: describeError },
  };
}

/** Characters of lines that wait for an output that takes none; what comes beyond is lost. */
const mostUnwritten = 1_000_000;

/**
 * Standard output, whose faults cost lines and nothing else. By itself the library ends the process for a full disk, and
 * on the way out tries to write what is left again and again, for as long as the disk is full.
 */
function openOutput(): pino.DestinationStream {
  const output = pino.destination({ dest: 1, sync: false, maxLength: mostUnwritten });
  let failing = false;
  output.on('error', () => (failing = true));
  output.on('write', () => (failing = false));
  const [flush, flushSync] = [output.flush.bind(output), output.flushSync.bind(output)];
  output.flush = (done) => (failing ? done?.() : flush(done));
  output.flushSync = () => {
    if (!failing) flushSync();
  };
  return output;
}

/**
 * A logger writing JSON to standard output, one object a line; the trace id is added when there is one. Pass errors as
 * `{ err: error }`.
 */
export function createLogger(name: string, level = 'info'): Logger {
  const output = openOutput();
  return pino(loggerOptions(name, level), output);
}
