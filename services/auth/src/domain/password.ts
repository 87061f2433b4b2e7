import type { FieldFault } from '@daybook/runtime/errors';
import { usernameKey } from './account.ts';
import { isCommonPassword } from './common-passwords.ts';

/** The cost of an argon2id hash: memory in KiB, passes, lanes. */
export type Argon2Cost = { memoryKiB: number; passes: number; lanes: number };

/** A PHC string taken apart. */
export type PasswordHash = Argon2Cost & { salt: Buffer; hash: Buffer };

/** What new hashes cost: 46 MiB, one pass, one lane (OWASP's first choice for argon2id). */
export const currentCost: Argon2Cost = { memoryKiB: 47_104, passes: 1, lanes: 1 };

const longestPasswordBytes = 1024;
const shortestPasswordCharacters = 8;
const phcShape = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** A PHC string, base64 without padding as the format asks. */
export function formatPasswordHash(hash: PasswordHash): string {
  const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${hash.memoryKiB},t=${hash.passes},p=${hash.lanes}$${encode(hash.salt)}$${encode(hash.hash)}`;
}

/**
 * Takes a PHC string apart; undefined for anything that is no argon2id hash of ours or asks for an absurd amount of work.
 */
export function parsePasswordHash(phc: string): PasswordHash | undefined {
  const match = phcShape.exec(phc);
  if (!match) return undefined;
  const [memoryKiB, passes, lanes] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const salt = Buffer.from(match[4] ?? '', 'base64');
  const hash = Buffer.from(match[5] ?? '', 'base64');
  const isSane = lanes >= 1 && lanes <= 8 && passes >= 1 && memoryKiB >= 8 * lanes && memoryKiB <= 1_048_576;
  return isSane && salt.length >= 8 && hash.length >= 16 && hash.length <= 64
    ? { memoryKiB, passes, lanes, salt, hash }
    : undefined;
}

/** Whether a hash was made at another cost than today's and should be renewed at the next sign-in. */
export function needsRehash(phc: string, cost: Argon2Cost): boolean {
  const parsed = parsePasswordHash(phc);
  return !parsed || parsed.memoryKiB !== cost.memoryKiB || parsed.passes !== cost.passes || parsed.lanes !== cost.lanes;
}

/** Faults of a password as typed at sign-in: 1 to 1024 bytes of UTF-8. */
export function findTypedPasswordFaults(password: string): FieldFault[] {
  if (password === '') return [{ pointer: '/password', message: 'Enter a password.' }];
  if (Buffer.byteLength(password) > longestPasswordBytes) {
    return [{ pointer: '/password', message: `A password has at most ${longestPasswordBytes} bytes.` }];
  }
  return [];
}

/**
 * Faults of a password that is to be set: at least 8 characters, at most 1024 bytes, not among the common ones and not
 * the username. No rules of composition (ASVS 6.2).
 */
export function findNewPasswordFaults(password: string, username: string): FieldFault[] {
  const fault = (message: string): FieldFault[] => [{ pointer: '/password', message }];
  if ([...password].length < shortestPasswordCharacters) {
    return fault(`Choose a password of at least ${shortestPasswordCharacters} characters.`);
  }
  if (Buffer.byteLength(password) > longestPasswordBytes) {
    return fault(`Choose a password of at most ${longestPasswordBytes} bytes.`);
  }
  if (!password.isWellFormed()) return fault('The password is not valid text.');
  if (usernameKey(password) === usernameKey(username)) return fault('Choose a password that is not the username.');
  if (isCommonPassword(password)) return fault('This password is among the first that are tried; choose another.');
  return [];
}
