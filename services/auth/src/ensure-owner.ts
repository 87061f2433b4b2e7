import { readDatabaseClock } from '@daybook/runtime/database-clock';
import { ValidationError } from '@daybook/runtime/errors';
import { createLogger } from '@daybook/runtime/logger';
import { openDatabase } from '@daybook/runtime/postgres';
import { createOwner, resetOwner, type OwnerOutcome } from './app/create-owner.ts';
import { createPasswordChecker } from './app/password-checker.ts';
import { loadOwnerConfig, type OwnerConfig } from './config.ts';
import { currentCost } from './domain/password.ts';

// Standard output carries the one line of JSON that callers read, so the log is silent.
const logger = createLogger('auth-ensure-owner', 'silent');

async function run(config: OwnerConfig, reset: boolean): Promise<OwnerOutcome> {
  const database = openDatabase({
    url: config.databaseUrl,
    applicationName: 'daybook-ensure-owner',
    logger,
    poolSize: 2,
  });
  try {
    const clock = await readDatabaseClock(database);
    const deps = { database, clock, logger, passwords: createPasswordChecker(currentCost) };
    const { username, organizationName } = config;
    const command = { username, organizationName, password: config.password.reveal() };
    return await (reset ? resetOwner(deps)(command) : createOwner(deps)(command));
  } finally {
    await database.close();
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof ValidationError) {
    const faults = error.context['errors'] as { message: string }[];
    return faults.map((fault) => fault.message).join('\n');
  }
  return error instanceof Error ? error.message : 'unknown failure';
}

const unknown = process.argv.slice(2).filter((argument) => argument !== '--reset');
try {
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}; only --reset is known.`);
  const outcome = await run(loadOwnerConfig(), process.argv.includes('--reset'));
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
