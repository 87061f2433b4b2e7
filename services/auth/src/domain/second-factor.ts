import type { FieldFault } from '@daybook/runtime/errors';

/** How long one code is shown (RFC 6238 calls it the time step). */
export const stepMs = 30_000;

/** Steps before and after the present one whose codes count too: clocks of phones differ, and people type slowly. */
export const stepTolerance = 1;

/** How many recovery codes are made at a time. */
export const recoveryCodeCount = 10;

/** Random bytes of a recovery code: 120 bits, so that a plain hash of it is as good as the code is long. */
export const recoveryCodeBytes = 15;

/** For how long a secret that was shown can be confirmed. */
export const confirmableMs = 15 * 60_000;

const longestCode = 64;
/** Crockford's base 32: no letter that is read as a digit or as another letter. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const recoveryShape = new RegExp(`^[${alphabet}]{24}$`);

/** What somebody typed as their code. */
export type TypedCode = { kind: 'time'; digits: string } | { kind: 'recovery'; code: string };

/** The number of the step in which an instant lies, counted from 1970. */
export function stepAt(instant: Date): number {
  return Math.floor(instant.getTime() / stepMs);
}

/** Whether a secret that was made at `begunAt` can still be confirmed at `now`. */
export function isConfirmable(begunAt: Date, now: Date): boolean {
  return now.getTime() - begunAt.getTime() < confirmableMs;
}

/**
 * What was typed: six digits, or a recovery code; undefined when it can be neither. Blanks, hyphens and case do not count,
 * and in a recovery code the letters O, I and L are read as the digits they look like.
 */
export function parseCode(text: string): TypedCode | undefined {
  const bare = text
    .normalize('NFKC')
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .toUpperCase();
  if (/^\d{6}$/.test(bare)) return { kind: 'time', digits: bare };
  const code = bare.replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return recoveryShape.test(code) ? { kind: 'recovery', code } : undefined;
}

/** Faults of a typed code that is too long to be looked at. */
export function findCodeFaults(text: string): FieldFault[] {
  if (text.length <= longestCode) return [];
  return [{ pointer: '/code', message: `A code has at most ${longestCode} characters.` }];
}

/** A recovery code as it is shown: 24 signs in six groups of four. */
export function writeRecoveryCode(bytes: Buffer): string {
  let bits = BigInt(`0x${bytes.toString('hex')}`);
  let signs = '';
  for (let count = 0; count < 24; count += 1) {
    signs = alphabet.charAt(Number(bits & 31n)) + signs;
    bits >>= 5n;
  }
  return signs.match(/.{4}/g)!.join('-');
}
