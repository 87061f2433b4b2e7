import fc from 'fast-check';
import { findUsernameFaults, usernameKey } from './account.ts';
import { findNewPasswordFaults, formatPasswordHash, parsePasswordHash } from './password.ts';

const bytes = (min: number, max: number) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((array) => Buffer.from(array));

test('every PHC string is read as it was written', () => {
  const hashes = fc.integer({ min: 1, max: 8 }).chain((lanes) =>
    fc.record({
      lanes: fc.constant(lanes),
      memoryKiB: fc.integer({ min: 8 * lanes, max: 1_048_576 }),
      passes: fc.integer({ min: 1, max: 99 }),
      salt: bytes(8, 64),
      hash: bytes(16, 64),
    }),
  );
  fc.assert(
    fc.property(hashes, (hash) => {
      expect(parsePasswordHash(formatPasswordHash(hash))).toEqual(hash);
    }),
    { numRuns: 500 },
  );
});

test('no text makes the parser throw, and what it takes it would write again', () => {
  const shaped = fc
    .tuple(fc.nat(), fc.nat(120), fc.nat(120), fc.base64String(), fc.base64String())
    .map(([m, t, p, salt, hash]) => `$argon2id$v=19$m=${m},t=${t},p=${p}$${salt}$${hash}`);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), shaped), (text) => {
      const parsed = parsePasswordHash(text);
      if (parsed) expect(parsePasswordHash(formatPasswordHash(parsed))).toEqual(parsed);
    }),
    { numRuns: 500 },
  );
});

test('random passwords of twelve characters are never called common, short ones never taken', () => {
  const letters = fc.constantFrom(...'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789');
  const isVaried = (text: string) => new Set(text.toLowerCase()).size >= 7;
  fc.assert(
    fc.property(fc.string({ unit: letters, minLength: 12, maxLength: 64 }).filter(isVaried), (password) => {
      expect(findNewPasswordFaults(password, 'owner')).toEqual([]);
      expect(findNewPasswordFaults(password.slice(0, 7), 'owner')).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});

test('folding a username twice changes nothing more, and case never matters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (username) => {
      const key = usernameKey(username);
      expect(usernameKey(key)).toBe(key);
      if (findUsernameFaults(username).length === 0) expect(key.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
