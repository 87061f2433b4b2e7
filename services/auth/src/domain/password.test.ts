import {
  currentCost,
  findNewPasswordFaults,
  findTypedPasswordFaults,
  formatPasswordHash,
  needsRehash,
  parsePasswordHash,
} from './password.ts';

const cheap = { memoryKiB: 64, passes: 1, lanes: 1 };

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
    [`$argon2id$v=19$m=1048577,t=1,p=1$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=64,t=1,p=0$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=1024,t=1,p=9$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=31,t=1,p=4$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=64,t=1,p=1$${saltText}$${Buffer.alloc(65, 2).toString('base64').replaceAll('=', '')}`],
    [` $argon2id$v=19$m=64,t=1,p=1$${saltText}$${hashText}`],
    [`$argon2id$v=19$m=64,t=1,p=1$AAAA$${hashText}`],
    [`$argon2id$v=19$m=64,t=1,p=1$${saltText}$AAAA`],
    [`$argon2id$v=19$m=64,t=1,p=1$${saltText}$${hashText}$`],
    ['$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZBx8f6oQ8wKq3rXg6uV3xO7VJ4h2Cy'],
  ])('%j is none of ours', (phc) => {
    expect(parsePasswordHash(phc)).toBeUndefined();
    expect(needsRehash(phc, cheap)).toBe(true);
  });

  test.each([
    { memoryKiB: 1_048_576, passes: 1, lanes: 1, salt: Buffer.alloc(8, 1), hash: Buffer.alloc(16, 2) },
    { memoryKiB: 64, passes: 99, lanes: 8, salt, hash: Buffer.alloc(64, 2) },
  ])('at the edge of what is sane are ours', (edge) => {
    expect(parsePasswordHash(formatPasswordHash(edge))).toEqual(edge);
  });

  test('are made at no less than 46 MiB and one pass', () => {
    expect(currentCost.memoryKiB).toBeGreaterThanOrEqual(46 * 1024);
    expect([currentCost.passes, currentCost.lanes]).toEqual([1, 1]);
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

  /** Bytes that are no common password. */
  const longText = (bytes: number) =>
    Array.from({ length: 500 }, (_, at) => at.toString(36))
      .join('-')
      .slice(0, bytes);
  test.each([
    ['1234567', /at least 8 characters/],
    [longText(1025), /at most 1024 bytes/],
    ['\ud800abcdefghij', /not valid text/],
    ['DR.SMITH', /not the username/],
    ['password', /first that are tried/],
  ])('%j is refused with the reason', (password, reason) => {
    expect(findNewPasswordFaults(password, 'Dr.Smith')[0]?.message).toMatch(reason);
  });

  test.each([
    [longText(1024)],
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
  expect(findTypedPasswordFaults('')).toEqual([{ pointer: '/password', message: 'Enter a password.' }]);
  expect(findTypedPasswordFaults('a')).toEqual([]);
  expect(findTypedPasswordFaults('x'.repeat(1024))).toEqual([]);
  expect(findTypedPasswordFaults('x'.repeat(1025))).toEqual([
    { pointer: '/password', message: 'A password has at most 1024 bytes.' },
  ]);
  expect(findTypedPasswordFaults('€'.repeat(342))).toHaveLength(1);
});
