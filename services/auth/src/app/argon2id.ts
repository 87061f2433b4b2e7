import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { formatPasswordHash, parsePasswordHash, type Argon2Cost } from '../domain/password.ts';

const saltBytes = 16;
const hashBytes = 32;

/** Hashes a password with a fresh salt, off the main thread; the PHC string. */
export async function hashPassword(password: string, cost: Argon2Cost): Promise<string> {
  const salt = randomBytes(saltBytes);
  return formatPasswordHash({ ...cost, salt, hash: await computeArgon2id(password, { ...cost, salt }, hashBytes) });
}

/** Whether a password is the hashed one; compared in constant time, computed off the main thread. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const parsed = parsePasswordHash(phc);
  if (!parsed) return false;
  return timingSafeEqual(await computeArgon2id(password, parsed, parsed.hash.length), parsed.hash);
}

/** A hash that no password has, at the given cost: what an unknown user's try is checked against. */
export function createDummyHash(cost: Argon2Cost): string {
  return formatPasswordHash({ ...cost, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) });
}

function computeArgon2id(password: string, cost: Argon2Cost & { salt: Buffer }, length: number): Promise<Buffer> {
  const parameters = {
    // Composed form, because one keyboard sends é as one character and another as two.
    message: Buffer.from(password.normalize('NFC')),
    nonce: cost.salt,
    parallelism: cost.lanes,
    tagLength: length,
    memory: cost.memoryKiB,
    passes: cost.passes,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
