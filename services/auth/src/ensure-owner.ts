import { readDatabaseClock } from '@daybook/runtime/database-clock';
import { ValidationError } from '@daybook/runtime/errors';
import type { Secret } from '@daybook/runtime/config';
import { createLogger } from '@daybook/runtime/logger';
import { openDatabase, type Database } from '@daybook/runtime/postgres';
import { createOwner, resetOwner, type OwnerOutcome } from './app/create-owner.ts';
import { removeSecondFactorOf, type RemoveSecondFactorOutcome } from './app/operate-second-factor.ts';
import { createPasswordChecker } from './app/password-checker.ts';
import { loadAccountConfig, loadOwnerConfig, type AccountConfig, type OwnerConfig } from './config.ts';
import { currentCost } from './domain/password.ts';

// Standard output carries the one line of JSON that callers read, so the log is silent.
const logger = createLogger('auth-ensure-owner', 'silent');

async function withDatabase<T>(url: Secret, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ url, applicationName: 'daybook-ensure-owner', logger, poolSize: 2 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

function ensureOwner(config: OwnerConfig, reset: boolean): Promise<OwnerOutcome> {
  return withDatabase(config.databaseUrl, async (database) => {
    const clock = await readDatabaseClock(database);
    const deps = { database, clock, logger, passwords: createPasswordChecker(currentCost) };
    const { username, organizationName } = config;
    const command = { username, organizationName, password: config.password.reveal() };
    return reset ? resetOwner(deps)(command) : createOwner(deps)(command);
  });
}

function turnOffSecondFactor({ databaseUrl, username }: AccountConfig): Promise<RemoveSecondFactorOutcome> {
  return withDatabase(databaseUrl, async (database) => {
    const clock = await readDatabaseClock(database);
    return removeSecondFactorOf({ database, clock, logger })(username);
  });
}

function describeFailure(error: unknown): string {
  if (error instanceof ValidationError) {
    const faults = error.context['errors'] as { message: string }[];
    return faults.map((fault) => fault.message).join('\n');
  }
  return error instanceof Error ? error.message : 'unknown failure';
}

const flags = process.argv.slice(2);
const known = ['--reset', '--turn-off-second-factor'];
// The username may stand in the flag, since an image without a shell has no way to set a variable for one command.
const [, named] = /^--turn-off-second-factor=(.+)$/.exec(flags[0] ?? '') ?? [];
const isRemoval = named !== undefined || flags.includes('--turn-off-second-factor');
const unknown = flags.filter((flag, index) => !known.includes(flag) && !(named !== undefined && index === 0));
try {
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}; known are ${known.join(' and ')}.`);
  if (flags.length > 1) throw new Error(`Give one of ${known.join(' and ')} at a time.`);
  const outcome = isRemoval
    ? await turnOffSecondFactor(loadAccountConfig(named))
    : await ensureOwner(loadOwnerConfig(), flags.includes('--reset'));
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
