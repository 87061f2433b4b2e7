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

/** The new password that an operator pipes in: a terminal's last line break is none of it. */
async function readPassword(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

/** An account that a flag names takes its new password from standard input: neither fits into a command that others can list. */
async function resetConfig(username: string | undefined): Promise<OwnerConfig> {
  if (username === undefined) return loadOwnerConfig();
  return loadOwnerConfig({ username, password: await readPassword() });
}

/** What the command does without a flag, and with each; in an image without a shell a flag names the account. */
const actions = {
  '': async () => ensureOwner(loadOwnerConfig(), false),
  '--reset': async (username?: string) => ensureOwner(await resetConfig(username), true),
  '--turn-off-second-factor': async (username?: string) => turnOffSecondFactor(loadAccountConfig(username)),
};

function readAction(flags: readonly string[]): () => Promise<OwnerOutcome | RemoveSecondFactorOutcome> {
  const known = Object.keys(actions).filter((flag) => flag !== '');
  if (flags.length > 1) throw new Error(`Give one of ${known.join(' and ')} at a time.`);
  const [, flag = '', username] = /^([^=]*)(?:=(.+))?$/s.exec(flags[0] ?? '') ?? [];
  if (flag === '' && flags.length === 0) return actions[''];
  if (flag !== '--reset' && flag !== '--turn-off-second-factor') {
    throw new Error(`Unknown argument ${flags[0]}; known are ${known.join(' and ')}.`);
  }
  return () => actions[flag](username);
}

try {
  const outcome = await readAction(process.argv.slice(2))();
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
