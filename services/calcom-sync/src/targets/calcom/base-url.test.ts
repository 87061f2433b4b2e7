import { refuseAddress } from './base-url.ts';

const rules = { trustedUrl: 'http://localhost:8090/v2', allowedHosts: ['cal.practice.lan'] };

describe('addresses a connection may have', () => {
  test.each(['http://localhost:8090/v2', 'https://api.cal.com/v2', 'http://cal.practice.lan/v2'])(
    '%s may',
    (address) => {
      expect(refuseAddress(address, rules)).toBeUndefined();
    },
  );
  test.each([
    'http://localhost:8091/v2',
    'http://api.cal.com/v2',
    'https://10.0.0.3/v2',
    'https://127.1/v2',
    'https://[::1]/v2',
    'https://router.lan/v2',
    'https://169.254.169.254/latest',
    'http://metadata.google.internal/',
    'file:///etc/passwd',
    'not an address',
  ])('%s may not', (address) => {
    expect(refuseAddress(address, rules)).toEqual(expect.any(String));
  });
  test('not even the operator may name the metadata service', () => {
    const address = 'http://169.254.169.254/v2';
    expect(refuseAddress(address, { trustedUrl: address, allowedHosts: [] })).toEqual(expect.any(String));
  });
});
