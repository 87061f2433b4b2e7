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
