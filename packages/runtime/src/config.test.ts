import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import { ConfigError, Secret, loadConfig, schemas, serviceEnvironment } from './config.ts';

const schema = z.object({
  ...serviceEnvironment.shape,
  DATABASE_URL: schemas.secret,
  PUBLIC_URL: schemas.url,
  ENABLED: schemas.boolean.default(true),
  TIMEOUT: schemas.durationMs,
});
const good = { GRPC_PORT: '0', ADMIN_PORT: '9000', DATABASE_URL: 'x', PUBLIC_URL: 'http://a.example', TIMEOUT: '2m' };

test('reads typed values and defaults', () => {
  const config = loadConfig(schema, { ...good, ENABLED: '', OTHER: 'ignored' });
  expect(config).toMatchObject({ HOST: '0.0.0.0', GRPC_PORT: 0, ADMIN_PORT: 9000, ENABLED: true, TIMEOUT: 120_000 });
});

test.each([
  ['500ms', 500],
  ['5s', 5000],
  ['1.5s', 1500],
  ['2m', 120_000],
])('%s is %d milliseconds', (text, expected) => {
  expect(loadConfig(z.object({ T: schemas.durationMs }), { T: text }).T).toBe(expected);
});

test('all faults are named together, without values', () => {
  const env = { ...good, GRPC_PORT: '65536', TIMEOUT: 'soon', DATABASE_URL: '', PUBLIC_URL: 'hunter2' };
  const attempt = (): unknown => loadConfig(schema, env);
  expect(attempt).toThrow(ConfigError);
  try {
    attempt();
  } catch (error) {
    const { faults, message } = error as ConfigError;
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(
      ['DATABASE_URL', 'GRPC_PORT', 'PUBLIC_URL', 'TIMEOUT'].sort(),
    );
    expect(faults).toContain('DATABASE_URL: is required');
    expect(message).not.toContain('hunter2');
  }
});

test('a secret prints as [secret] however it is printed', () => {
  const secret = new Secret('hunter2');
  expect(`${secret.toString()} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain('hunter2');
  expect(secret.reveal()).toBe('hunter2');
});

describe('values from files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  const file = join(directory, 'database-url');
  writeFileSync(file, 'postgres://app:from-file@db/x\n');
  afterAll(() => rmSync(directory, { recursive: true }));
  const { DATABASE_URL, ...rest } = good;

  test('NAME_FILE stands for NAME, without the line end', () => {
    const config = loadConfig(schema, { ...rest, DATABASE_URL_FILE: file });
    expect(config.DATABASE_URL.reveal()).toBe('postgres://app:from-file@db/x');
  });

  test('the variable itself wins over its file', () => {
    expect(loadConfig(schema, { ...rest, DATABASE_URL, DATABASE_URL_FILE: file }).DATABASE_URL.reveal()).toBe('x');
  });

  test('a file that cannot be read is named when its value is needed, and only then', () => {
    const missing = join(directory, 'missing');
    expect(() => loadConfig(schema, { ...rest, DATABASE_URL_FILE: missing })).toThrow(
      'DATABASE_URL: is required (the file named by DATABASE_URL_FILE cannot be read)',
    );
    expect(loadConfig(schema, { ...good, SSL_CERT_FILE: missing }).ADMIN_PORT).toBe(9000);
  });
});

describe('a password beside its address', () => {
  const read = (env: Record<string, string>): string => loadConfig(schema, { ...good, ...env }).DATABASE_URL.reveal();

  test('completes an address that names a user, whatever characters it has', () => {
    const url = read({ DATABASE_URL: 'postgres://app@db:5432/x?sslmode=verify-full', DATABASE_PASSWORD: 'a/b@c:d %é' });
    expect(decodeURIComponent(new URL(url).password)).toBe('a/b@c:d %é');
    expect(url).toMatch(/^postgres:\/\/app:[^@]+@db:5432\/x\?sslmode=verify-full$/);
  });

  test('changes no address that has one, or that names nobody', () => {
    expect(read({ DATABASE_URL: 'postgres://app:own@db/x', DATABASE_PASSWORD: 'other' })).toContain(':own@');
    expect(read({ DATABASE_URL: 'postgres://db/x', DATABASE_PASSWORD: 'other' })).toBe('postgres://db/x');
  });
});
