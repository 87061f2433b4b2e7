import { deriveKeyMaterial, pseudonymize, seal, unseal } from './key-material.ts';

const keys = deriveKeyMaterial(Buffer.alloc(32, 7));
const pem = Buffer.from('-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n');

test('each purpose has its own key, the same for the same secret', () => {
  const all = [keys.sealing, keys.secondFactor, keys.successor, keys.pseudonym];
  expect(new Set(all.map((key) => key.toString('hex'))).size).toBe(4);
  expect(deriveKeyMaterial(Buffer.alloc(32, 7))).toEqual(keys);
  expect(deriveKeyMaterial(Buffer.alloc(32, 8)).sealing).not.toEqual(keys.sealing);
});

test('a sealed key opens with the same secret and kid only', () => {
  const sealed = seal(pem, 'kid-1', keys.sealing);
  expect(sealed.includes('secret')).toBe(false);
  expect(unseal(sealed, 'kid-1', keys.sealing)).toEqual(pem);
  expect(() => unseal(sealed, 'kid-2', keys.sealing)).toThrow();
  expect(() => unseal(sealed, 'kid-1', keys.successor)).toThrow();
  expect(seal(pem, 'kid-1', keys.sealing)).not.toEqual(sealed);
});

test('no bit of a sealed key can be changed unnoticed', () => {
  const sealed = seal(pem, 'kid-1', keys.sealing);
  for (let position = 0; position < sealed.length; position += 1) {
    const changed = Buffer.from(sealed);
    changed[position] = (changed[position] ?? 0) ^ 1;
    expect(() => unseal(changed, 'kid-1', keys.sealing)).toThrow();
  }
});

test('pseudonyms cannot be made to collide by moving a boundary', () => {
  expect(pseudonymize(keys.pseudonym, 'a', 'bc')).not.toEqual(pseudonymize(keys.pseudonym, 'ab', 'c'));
  expect(pseudonymize(keys.pseudonym, 'a"', ',"b')).not.toEqual(pseudonymize(keys.pseudonym, 'a', '",",b'));
});
