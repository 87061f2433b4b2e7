import { isPublicAddress, mayConnectTo, refuseAddress } from './base-url.ts';
import { ADDRESS_NOT_ALLOWED, allowedAddresses, createPinnedLookup } from './pinned-lookup.ts';

const rules = { trustedUrl: 'http://localhost:8090/v2', allowedHosts: ['cal.practice.lan', '127.0.0.1:5555'] };

describe('addresses a connection may have', () => {
  test.each([
    'http://localhost:8090/v2',
    'https://api.cal.com/v2',
    'http://cal.practice.lan/v2',
    'http://127.0.0.1:5555/v2',
  ])('%s may', (address) => {
    expect(refuseAddress(address, rules)).toBeUndefined();
  });
  test.each([
    'http://localhost:8091/v2',
    'http://127.0.0.1:5556/v2',
    'http://api.cal.com/v2',
    'https://10.0.0.3/v2',
    'https://127.1/v2',
    'https://2130706433/v2',
    'https://[::1]/v2',
    'https://[::ffff:127.0.0.1]/v2',
    'https://router.lan/v2',
    'https://cal/v2',
    'https://cal.practice.lan.local/v2',
    'https://user:word@api.cal.com/v2',
    'https://169.254.169.254/latest',
    'http://metadata.google.internal/',
    'file:///etc/passwd',
    'not an address',
  ])('%s may not', (address) => {
    expect(refuseAddress(address, rules)).toEqual(expect.any(String));
  });
  test.each(['http://169.254.169.254/v2', 'http://[fd00:ec2::254]/v2', 'http://[::ffff:169.254.169.254]/v2'])(
    'not even the operator may name the metadata service %s',
    (address) => {
      const host = new URL(address).hostname;
      expect(refuseAddress(address, { trustedUrl: address, allowedHosts: [host] })).toEqual(expect.any(String));
    },
  );
  test('a practice tied to one origin takes no other, not even a public one', () => {
    const tied = { ...rules, onlyOrigin: 'http://localhost:8090' };
    expect(refuseAddress('http://localhost:8090/v2', tied)).toBeUndefined();
    expect(refuseAddress('https://api.cal.com/v2', tied)).toEqual(expect.stringContaining('stand-in'));
  });
});

test.each([
  ['93.184.216.34', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['::', false],
  ['fe80::1', false],
  ['fd12::1', false],
  ['2002:7f00:1::', false],
  ['64:ff9b::a00:1', false],
  ['::ffff:8.8.8.8', false],
  ['nonsense', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

describe('what is connected to', () => {
  const typed = new URL('https://cal.example.com/v2');

  test('a name that leads inside is not followed, whatever it led to when it was typed', async () => {
    let turn = 0;
    const rebinding = () => {
      turn += 1;
      return Promise.resolve([{ address: turn === 1 ? '93.184.216.34' : '10.0.0.5', family: 4 }]);
    };
    const mayConnect = mayConnectTo(typed, rules);
    expect(await allowedAddresses('cal.example.com', mayConnect, rebinding)).toHaveLength(1);
    const lookup = createPinnedLookup(mayConnect, rebinding);
    const error = await new Promise((resolve) => lookup('cal.example.com', { all: true }, resolve));
    expect(error).toMatchObject({ code: ADDRESS_NOT_ALLOWED });
  });

  test('of several addresses only the permitted ones are used', async () => {
    const both = () =>
      Promise.resolve([
        { address: '192.168.1.1', family: 4 },
        { address: '93.184.216.34', family: 4 },
      ]);
    expect(await allowedAddresses('cal.example.com', mayConnectTo(typed, rules), both)).toEqual([
      { address: '93.184.216.34', family: 4 },
    ]);
  });

  test('a permitted name may lead inside, but never to metadata', () => {
    const mayConnect = mayConnectTo(new URL('http://cal.practice.lan/v2'), rules);
    expect([mayConnect('192.168.1.1'), mayConnect('169.254.169.254'), mayConnect('100.100.100.200')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
