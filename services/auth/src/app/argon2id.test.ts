import { currentCost, parsePasswordHash } from '../domain/password.ts';
import { createDummyHash, hashPassword, verifyPassword } from './argon2id.ts';

// Cheap, so that many can be computed; the cost in use is checked once.
const cheap = { memoryKiB: 64, passes: 1, lanes: 1 };

describe('argon2id hashes', () => {
  test('nothing verifies against what is no hash of ours', async () => {
    for (const stored of ['', 'password', '$2b$12$abc']) expect(await verifyPassword('password', stored)).toBe(false);
  });

  test('a password verifies against its own hash only', async () => {
    const hash = await hashPassword('a long enough pass phrase', cheap);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    expect(await verifyPassword('a long enough pass phrase', hash)).toBe(true);
    expect(await verifyPassword('a long enough pass phrasE', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  test('two hashes of one password differ', async () => {
    expect(await hashPassword('same', cheap)).not.toBe(await hashPassword('same', cheap));
  });

  test('the 73rd and the 1024th byte count', async () => {
    const long = 'x'.repeat(1023);
    const hash = await hashPassword(`${long}y`, cheap);
    expect(await verifyPassword(`${long}y`, hash)).toBe(true);
    expect(await verifyPassword(`${long}z`, hash)).toBe(false);
    const changedAt73 = `${'x'.repeat(72)}!${'x'.repeat(950)}y`;
    expect(await verifyPassword(changedAt73, hash)).toBe(false);
  });

  test('one letter typed in two ways is the same letter', async () => {
    const hash = await hashPassword('cafe\u0301 au lait', cheap);
    expect(await verifyPassword('caf\u00e9 au lait', hash)).toBe(true);
    expect(await verifyPassword('cafe au lait', hash)).toBe(false);
  });

  test('agrees with a hash made by the reference implementation', async () => {
    // From the test vectors of phc-winner-argon2 (test.c): argon2id, t=2, m=65536, p=1.
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', reference)).toBe(true);
    expect(await verifyPassword('passwore', reference)).toBe(false);
  });

  test('the cost in use is at least 46 MiB and one pass', () => {
    expect(currentCost.memoryKiB).toBeGreaterThanOrEqual(46 * 1024);
    expect(currentCost.passes).toBeGreaterThanOrEqual(1);
    expect(currentCost.lanes).toBe(1);
  });

  test('the dummy has the cost of real hashes and fits no password', async () => {
    const dummy = createDummyHash(cheap);
    expect(parsePasswordHash(dummy)).toMatchObject(cheap);
    expect(await verifyPassword('', dummy)).toBe(false);
  });
});
