import type { ConfigError } from '@daybook/runtime/config';
import { loadOwnerConfig, loadServerConfig } from './config.ts';

const complete = {
  GRPC_PORT: '0',
  ADMIN_PORT: '0',
  DATABASE_URL: 'postgres://localhost/auth',
  KEY_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
  SERVICE_TOKENS: '{"gateway":"a-secret-of-enough-length"}',
};

function faultsOf(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
}

test('lifetimes have the defaults that are promised', () => {
  const day = 86_400_000;
  const config = loadServerConfig(complete);
  expect(config.lifetimes).toEqual({ accessMs: 600_000, idleMs: 8 * day, absoluteMs: 30 * day });
  expect(config.serviceTokens['gateway']?.map((token) => token.reveal())).toEqual(['a-secret-of-enough-length']);
});

test('every fault is named, no value is shown', () => {
  const faults = faultsOf(() =>
    loadServerConfig({
      ...complete,
      KEY_ENCRYPTION_KEY: 'c2hvcnQ=',
      SERVICE_TOKENS: '{not json hush',
      ACCESS_TOKEN_SECONDS: '3600',
    }),
  );
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'KEY_ENCRYPTION_KEY',
    'SERVICE_TOKENS',
    'ACCESS_TOKEN_SECONDS',
  ]);
  expect(faults.join()).not.toMatch(/hush|c2hvcnQ/);
});

test('while a secret is changed there are two of it', () => {
  const [old, fresh] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));
  const config = loadServerConfig({
    ...complete,
    KEY_ENCRYPTION_KEY: `${fresh},${old}`,
    SERVICE_TOKENS: '{"gateway":"a-secret-of-enough-length, another-of-enough-length"}',
  });
  expect(config.keyEncryptionKeys.map((key) => key.reveal())).toEqual([fresh, old]);
  expect(config.serviceTokens['gateway']?.map((token) => token.reveal())).toEqual([
    'a-secret-of-enough-length',
    'another-of-enough-length',
  ]);
});

test.each([
  ['{"gateway":"short"}'],
  ['{"gateway":"a-secret-of-enough-length,"}'],
  ['[]'],
  ['"text"'],
  ['{"gateway":1}'],
])('SERVICE_TOKENS %s is refused', (tokens) => {
  expect(faultsOf(() => loadServerConfig({ ...complete, SERVICE_TOKENS: tokens }))).toHaveLength(1);
});

test('an idle end beyond the absolute one is refused', () => {
  const faults = faultsOf(() => loadServerConfig({ ...complete, REFRESH_IDLE_DAYS: '10', REFRESH_ABSOLUTE_DAYS: '5' }));
  expect(faults).toEqual(['REFRESH_IDLE_DAYS: must not be longer than REFRESH_ABSOLUTE_DAYS']);
});

test('the practice has a name when none is given', () => {
  const env = { DATABASE_URL: 'postgres://localhost/auth', OWNER_USERNAME: 'owner', OWNER_PASSWORD: 'x' };
  expect(loadOwnerConfig(undefined, env).organizationName).toBe('My practice');
});
