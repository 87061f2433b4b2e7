import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { systemClock } from '@daybook/runtime/clock';
import { query } from '@daybook/runtime/postgres';
import { silentLogger } from '@daybook/runtime/testing';
import { createOwner } from './app/create-owner.ts';
import { createPasswordChecker } from './app/password-checker.ts';
import { currentCost } from './domain/password.ts';
import { turnOn } from './test-support/authenticator.ts';
import { createPractice, type Practice } from './test-support/practice.ts';
import { codeOf, keyEncryptionKey, refresh, signIn, startReplica } from './test-support/replica.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

let practice: Practice;

beforeEach(async () => {
  practice = await createPractice(systemClock, { withOwner: false });
});
afterEach(() => practice.drop());

const first = { OWNER_USERNAME: 'Dr.Test', OWNER_PASSWORD: 'tulpe-hafen-uhr-77' };

type Outcome = { code: number | null; stdout: string; stderr: string };

function runCommand(env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  return runWithInput('', env, ...args);
}

function runWithInput(input: string, env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [join(__dirname, 'ensure-owner.ts'), ...args], {
    env: { PATH: process.env['PATH'], DATABASE_URL: practice.url, ...env },
  });
  child.stdin.end(input);
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...outcome, code }));
  });
}

const answer = (outcome: Outcome): unknown => {
  if (outcome.code !== 0) throw new Error(`the command failed: ${outcome.stderr}`);
  return JSON.parse(outcome.stdout);
};

test('makes practice and owner once; a second start changes nothing', async () => {
  expect(answer(await runCommand({ ...first, ORGANIZATION_NAME: 'Praxis Süd' }))).toEqual({
    created: true,
    username: 'Dr.Test',
  });
  expect(answer(await runCommand({ OWNER_USERNAME: 'other', OWNER_PASSWORD: 'short' }))).toEqual({
    created: false,
    username: 'Dr.Test',
  });
  const [stored] = await query<{ hash: string }>(practice.database, {
    text: 'SELECT password_hash AS hash FROM users',
  });
  expect(stored?.hash).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
  const rows = await query(practice.database, {
    text: 'SELECT name, username, roles, active FROM users JOIN organizations o ON o.id = organization_id',
  });
  expect(rows).toEqual([{ name: 'Praxis Süd', username: 'Dr.Test', roles: ['owner'], active: true }]);
  const replica = await startReplica({ url: practice.url, clock: systemClock, passwordCost: currentCost });
  try {
    expect((await signIn(replica, { username: 'dr.test', password: first.OWNER_PASSWORD })).user?.username).toBe(
      'Dr.Test',
    );
  } finally {
    await replica.stop();
  }
});

test('--reset sets a password, lets the account in again and ends its sessions', async () => {
  await runCommand(first);
  const replica = await startReplica({ url: practice.url, clock: systemClock, passwordCost: currentCost });
  try {
    const before = await signIn(replica, { username: 'dr.test', password: first.OWNER_PASSWORD });
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await codeOf(signIn(replica, { username: 'dr.test', password: 'forgotten-one' }));
    }
    await query(practice.database, { text: 'UPDATE users SET active = false' });
    const reset = { OWNER_USERNAME: 'DR.TEST', OWNER_PASSWORD: 'eine neue passphrase' };
    expect(answer(await runCommand(reset, '--reset'))).toEqual({ created: false, username: 'Dr.Test' });
    expect(await codeOf(refresh(replica, before.tokens.refreshToken))).toBe('SESSION_EXPIRED');
    await signIn(replica, { username: 'dr.test', password: reset.OWNER_PASSWORD });
    expect(await codeOf(signIn(replica, { username: 'dr.test', password: first.OWNER_PASSWORD }))).toBe(
      'INVALID_CREDENTIALS',
    );
    // As in a cluster: what the environment holds is not the new password.
    const piped = ' spaces belong to it ';
    expect(answer(await runWithInput(`${piped}\n`, first, '--reset=dr.test'))).toEqual({
      created: false,
      username: 'Dr.Test',
    });
    await signIn(replica, { username: 'dr.test', password: piped });
  } finally {
    await replica.stop();
  }
});

test('--turn-off-second-factor lets in whoever lost app and recovery codes; a new password alone does not', async () => {
  await runCommand(first);
  const replica = await startReplica({ url: practice.url, clock: systemClock, passwordCost: currentCost });
  const credentials = { username: 'dr.test', password: first.OWNER_PASSWORD };
  const off = (username: string) => runCommand({ OWNER_USERNAME: username }, '--turn-off-second-factor');
  try {
    const { tokens } = await signIn(replica, credentials);
    await turnOn(replica, practice.database, tokens.accessToken);
    await runCommand(first, '--reset');
    expect(await codeOf(signIn(replica, credentials))).toBe('SECOND_FACTOR_NEEDED');
    for (let guess = 0; guess < 6; guess += 1) await codeOf(signIn(replica, { ...credentials, code: '000000' }));
    expect(await off('stranger')).toMatchObject({ code: 1, stdout: '', stderr: 'No account has this username.\n' });
    expect(answer(await off('DR.TEST'))).toEqual({ removed: true, username: 'Dr.Test' });
    await signIn(replica, credentials);
    const again = await runCommand({}, '--turn-off-second-factor=Dr.Test');
    expect(answer(again)).toEqual({ removed: false, username: 'Dr.Test' });
    expect(await query(practice.database, { text: 'SELECT FROM recovery_codes' })).toEqual([]);
  } finally {
    await replica.stop();
  }
});

test.each([
  [{ ...first, OWNER_PASSWORD: 'password' }, [], /among the first that are tried/],
  [{ ...first, OWNER_PASSWORD: 'short' }, [], /at least 8 characters/],
  [{ OWNER_USERNAME: 'owner' }, [], /OWNER_PASSWORD: is required/],
  [first, ['--rest'], /Unknown argument/],
  [first, ['=owner'], /Unknown argument/],
  [first, ['--reset=owner'], /OWNER_PASSWORD: is required/],
  [first, ['--reset', '--turn-off-second-factor'], /Give one/],
] as const)('%j %j is refused in words, and nothing is made', async (env, args, words) => {
  const outcome = await runCommand(env, ...args);
  expect(outcome.code).toBe(1);
  expect(outcome.stdout).toBe('');
  expect(outcome.stderr).toMatch(words);
  expect(outcome.stderr).not.toContain('    at ');
  expect(await query(practice.database, { text: 'SELECT FROM users' })).toEqual([]);
  expect(await query(practice.database, { text: 'SELECT FROM organizations' })).toEqual([]);
});

test('a reset of somebody who is no owner is refused', async () => {
  await runCommand(first);
  const outcome = await runCommand({ ...first, OWNER_USERNAME: 'stranger' }, '--reset');
  expect(outcome).toMatchObject({ code: 1, stdout: '', stderr: 'No owner has this username.\n' });
});

test('ten tries at once make one owner', async () => {
  const passwords = createPasswordChecker(currentCost);
  const deps = { database: practice.database, clock: systemClock, logger: silentLogger, passwords };
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      createOwner(deps)({ username: `owner-${index}`, password: 'tulpe-hafen-uhr-77', organizationName: 'P' }),
    ),
  );
  expect(outcomes.filter((outcome) => outcome.created)).toHaveLength(1);
  expect(new Set(outcomes.map((outcome) => outcome.username)).size).toBe(1);
  expect(await query(practice.database, { text: 'SELECT FROM organizations' })).toHaveLength(1);
});

test('the process of the service starts, says where it listens, answers its probes and stops when asked', async () => {
  const child = spawn(process.execPath, [join(__dirname, 'main.ts')], {
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      GRPC_PORT: '0',
      ADMIN_PORT: '0',
      DATABASE_URL: practice.url,
      KEY_ENCRYPTION_KEY: keyEncryptionKey,
      SERVICE_TOKENS: '{"gateway":"gateway-secret-of-tests"}',
    },
  });
  let output = '';
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const listening = new Promise<{ adminPort: number }>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const line = output.split('\n').find((text) => text.includes('"msg":"listening"'));
      if (line !== undefined) resolve(JSON.parse(line) as { adminPort: number });
    });
    void closed.then(() => reject(new Error(`the process ended: ${output}`)));
  });
  try {
    const { adminPort } = await listening;
    expect((await fetch(`http://127.0.0.1:${adminPort}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
    expect(metrics).toContain('daybook_auth_password_hashes_total');
  } finally {
    child.kill('SIGTERM');
  }
  expect(await closed).toBe(0);
  expect(output).not.toContain(keyEncryptionKey);
});
