import fc from 'fast-check';
import { hashPassword, verifyPassword } from './argon2id.ts';

const cheap = { memoryKiB: 8, passes: 1, lanes: 1 };

test('a password verifies exactly: any two that differ after composition do not share a hash', async () => {
  const password = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(password, password, async (first, second) => {
      const hash = await hashPassword(first, cheap);
      expect(await verifyPassword(first, hash)).toBe(true);
      expect(await verifyPassword(second, hash)).toBe(first.normalize('NFC') === second.normalize('NFC'));
    }),
    { numRuns: 150 },
  );
});
