import {
  createDummyHash,
  currentCost,
  findNewPasswordFaults,
  findTypedPasswordFaults,
  formatPasswordHash,
  hashPassword,
  needsRehash,
  parsePasswordHash,
  verifyPassword,
} from './password.ts';

// Cheap, so that many can be computed; the cost in use is checked once.
const cheap = { memoryKiB: 64, passes: 1, lanes: 1 };

describe('argon2id hashes', () => {
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

describe('PHC strings', () => {
  const salt = Buffer.alloc(16, 1);
  const hash = Buffer.alloc(32, 2);

  test('are read as they were written', () => {
    const phc = formatPasswordHash({ memoryKiB: 47_104, passes: 3, lanes: 2, salt, hash });
    expect(parsePasswordHash(phc)).toEqual({ memoryKiB: 47_104, passes: 3, lanes: 2, salt, hash });
  });

  const [saltText, hashText] = [salt, hash].map((bytes) => bytes.toString('base64').replaceAll('=', ''));
  test.each([
    [''],
    ['password'],
    [`$argon2i$v=19$m=64,t=1,p=1$${saltText}$${hashText}`],
    [`$argon2id$v=16$m=64,t=1,p=1$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=64,t=0,p=1$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=4,t=1,p=1$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=9999999,t=1,p=1$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=64,t=1,p=1$AAAA$${hashText}`],
    [`$argon2id$v=19$m=64,t=1,p=1$${saltText}$AAAA`],
    [`$argon2id$v=19$m=64,t=1,p=1$${saltText}$${hashText}$`],
    ['$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZBx8f6oQ8wKq3rXg6uV3xO7VJ4h2Cy'],
  ])('%j is none of ours and never verifies', async (phc) => {
    expect(parsePasswordHash(phc)).toBeUndefined();
    expect(await verifyPassword('password', phc)).toBe(false);
    expect(needsRehash(phc, cheap)).toBe(true);
  });

  test('a hash of another cost is to be renewed', () => {
    const phc = formatPasswordHash({ ...cheap, salt, hash });
    expect(needsRehash(phc, cheap)).toBe(false);
    expect(needsRehash(phc, { ...cheap, memoryKiB: 128 })).toBe(true);
    expect(needsRehash(phc, { ...cheap, passes: 2 })).toBe(true);
    expect(needsRehash(phc, { ...cheap, lanes: 2 })).toBe(true);
  });
});

describe('a new password', () => {
  test.each([
    ['1234567'],
    ['äöüäöüä'],
    ['password'],
    ['Password1!'],
    ['P@ssw0rd'],
    ['passw0rd123'],
    ['12345678'],
    ['87654321'],
    ['qwertyuiop'],
    ['QWERTZUIOP'],
    ['aaaaaaaaaaaa'],
    ['abcabcabcabc'],
    ['1q2w3e4r5t'],
    ['changeme'],
    ['letmein!!'],
    ['Summer2026!'],
    ['dr.smith'],
    ['DR.SMITH'],
    ['\ud800abcdefghij'],
    ['x'.repeat(1025)],
    ['ä'.repeat(513)],
  ])('%j is refused', (password) => {
    expect(findNewPasswordFaults(password, 'Dr.Smith')).toEqual([
      { pointer: '/password', message: expect.any(String) },
    ]);
  });

  test.each([
    ['correct horse battery staple'],
    ['kV7#pq!2'],
    ['tulpe-hafen-uhr'],
    ['パスワードではない言葉'],
    ['owner-passphrase-1'],
    [`${'many words '.repeat(90)}`],
  ])('%j is taken', (password) => {
    expect(findNewPasswordFaults(password, 'owner')).toEqual([]);
  });
});

test('a typed password has 1 to 1024 bytes', () => {
  expect(findTypedPasswordFaults('')).toHaveLength(1);
  expect(findTypedPasswordFaults('a')).toEqual([]);
  expect(findTypedPasswordFaults('x'.repeat(1024))).toEqual([]);
  expect(findTypedPasswordFaults('x'.repeat(1025))).toHaveLength(1);
  expect(findTypedPasswordFaults('€'.repeat(342))).toHaveLength(1);
});
