import { createSecret, createRecoveryCodes, describeSecret, findStep, hashRecoveryCode } from './one-time-codes.ts';
import { parseCode, stepAt } from '../domain/second-factor.ts';
import { shownIn } from '../test-support/authenticator.ts';

/** RFC 6238, appendix B: seconds since 1970, and the last six of the eight digits for SHA-1. */
const vectors = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;
const secretOfTheRfc = Buffer.from('12345678901234567890');

test.each(vectors)('RFC 6238: at %i seconds the code is %s', (seconds, digits) => {
  const step = stepAt(new Date(seconds * 1000));
  expect(findStep(secretOfTheRfc, digits, step)).toBe(step);
  expect(shownIn(step, describeSecret(secretOfTheRfc, 'x').secret)).toBe(digits);
});

test('the code of the step before and of the step after counts, and names its step; two away does not', () => {
  const step = 41_152_263;
  const secret = describeSecret(secretOfTheRfc, 'x').secret;
  const found = [-2, -1, 0, 1, 2].map((away) => findStep(secretOfTheRfc, shownIn(step + away, secret), step));
  expect(found).toEqual([undefined, step - 1, step, step + 1, undefined]);
});

test('what has not six digits is no code', () => {
  for (const digits of ['', '28708', '2870820', '94287082', 'abcdef'])
    expect(findStep(secretOfTheRfc, digits, 1)).toBeUndefined();
});

test('a secret has 160 bits, is another one each time, and is described so that every app reads it', () => {
  const secrets = Array.from({ length: 50 }, createSecret);
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(50);
  expect(new Set(secrets.map(({ length }) => length))).toEqual(new Set([20]));
  const { secret, uri } = describeSecret(secretOfTheRfc, 'Dr. Ann & Co');
  expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const address = new URL(uri);
  expect([address.protocol, address.host]).toEqual(['otpauth:', 'totp']);
  expect(decodeURIComponent(address.pathname)).toBe('/Daybook:Dr. Ann & Co');
  expect(Object.fromEntries(address.searchParams)).toEqual({
    issuer: 'Daybook',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});

test('ten recovery codes, each its own, read back to the hash that is kept, which holds for one second factor only', () => {
  const { codes, hashes } = createRecoveryCodes('factor-1');
  expect(codes).toHaveLength(10);
  expect(new Set(codes).size).toBe(10);
  for (const [index, shown] of codes.entries()) {
    expect(shown).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    const typed = parseCode(shown);
    if (typed?.kind !== 'recovery') throw new Error('not read back');
    expect(hashRecoveryCode('factor-1', typed.code)).toEqual(hashes[index]);
    expect(hashRecoveryCode('factor-2', typed.code)).not.toEqual(hashes[index]);
  }
});
