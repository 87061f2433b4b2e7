import { randomBytes } from 'node:crypto';
import { Secret } from '@daybook/runtime/config';
import { createSealer, keyPlace, UnsealableError, webhookPlace } from './sealed-secrets.ts';

const key = randomBytes(32);
const sealer = createSealer([key]);
const secret = new Secret('cal_live_0123456789');

test('what was sealed can be opened, and shows nothing of itself', () => {
  const sealed = sealer.seal(secret, keyPlace('a'));
  expect(sealer.open(sealed, keyPlace('a')).reveal()).toBe(secret.reveal());
  expect(sealed.toString('latin1')).not.toContain('cal_live');
  expect(sealer.seal(secret, keyPlace('a')).equals(sealed)).toBe(false);
});

test('moved to another row or column, or changed in any bit, it cannot be opened', () => {
  const sealed = sealer.seal(secret, keyPlace('a'));
  expect(() => sealer.open(sealed, keyPlace('b'))).toThrow(UnsealableError);
  expect(() => sealer.open(sealed, webhookPlace('a'))).toThrow(UnsealableError);
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => sealer.open(changed, keyPlace('a'))).toThrow(UnsealableError);
    expect(() => sealer.open(sealed.subarray(0, index), keyPlace('a'))).toThrow(UnsealableError);
  }
});

test('an older key still opens and is known as such; a lost one does not', () => {
  const sealed = sealer.seal(secret, keyPlace('a'));
  const rotated = createSealer([randomBytes(32), key]);
  expect(rotated.open(sealed, keyPlace('a')).reveal()).toBe(secret.reveal());
  expect(rotated.isCurrent(sealed)).toBe(false);
  expect(rotated.isCurrent(rotated.seal(secret, 'x'))).toBe(true);
  expect(() => createSealer([randomBytes(32)]).open(sealed, keyPlace('a'))).toThrow(UnsealableError);
});
