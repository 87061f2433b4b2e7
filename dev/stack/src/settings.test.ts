import { ConfigError } from '@daybook/runtime/config';
import { readSettings } from './settings.ts';

function faultsOf(env: Record<string, string>): string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

test('without variables everything has its default', () => {
  const { ports, ...rest } = readSettings({ PORT: '' });
  expect(ports).toMatchObject({ gateway: 8080, sandbox: 8090, gatewayAdmin: 9080, authAdmin: 9081, authGrpc: 0 });
  expect(rest).toMatchObject({ dataDirectory: '.daybook', databaseUrl: undefined, calcomApiUrl: undefined });
});

test('every wrong variable is named at once, without its value', () => {
  const faults = faultsOf({ PORT: '70000', AUTH_GRPC_PORT: '-1', NATS_URL: 'http://hidden', DATABASE_URL: 'hidden' });
  expect(faults).toHaveLength(4);
  for (const name of ['PORT', 'AUTH_GRPC_PORT', 'NATS_URL', 'DATABASE_URL']) {
    expect(faults.some((fault) => fault.startsWith(`${name} must be`))).toBe(true);
  }
  expect(faults.join()).not.toContain('hidden');
});

test('the address and the key of Cal.com belong together, and two parts cannot share a port', () => {
  expect(faultsOf({ CALCOM_API_URL: 'https://api.cal.com/v2' })).toEqual([expect.stringContaining('CALCOM_API_KEY')]);
  expect(faultsOf({ CALCOM_API_KEY: 'k' })).toEqual([expect.stringContaining('CALCOM_API_URL')]);
  expect(faultsOf({ PORT: '9081' })).toEqual(['PORT and AUTH_ADMIN_PORT are both 9081']);
  expect(faultsOf({ PORT: '0', AUTH_ADMIN_PORT: '0' })).toEqual([]);
});
