import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import {
  parseCode,
  recoveryCodeBytes,
  recoveryCodeCount,
  stepMs,
  stepTolerance,
  writeRecoveryCode,
} from '../domain/second-factor.ts';

/** What every authenticator app can do; others read SHA-1, six digits and thirty seconds out of any address. */
const parameters = { algorithm: 'SHA1', digits: 6, period: stepMs / 1000 } as const;
const secretBytes = 20;
const issuer = 'Daybook';

/** 160 random bits, as long as the hash (RFC 4226, section 4). */
export function createSecret(): Buffer {
  return randomBytes(secretBytes);
}

/** A secret as an app takes it: in base 32 for typing, and as an otpauth address for a picture. */
export function describeSecret(secret: Buffer, username: string): { secret: string; uri: string } {
  const held = hold(secret);
  const uri = new TOTP({ ...parameters, issuer, label: username, secret: held }).toString();
  return { secret: held.base32, uri };
}

/** The step whose code these digits are, the present one or a neighbour of it; compared in constant time. */
export function findStep(secret: Buffer, digits: string, present: number): number | undefined {
  const { digits: length, ...rest } = parameters;
  const delta = TOTP.validate({
    ...rest,
    digits: length,
    secret: hold(secret),
    token: digits,
    timestamp: present * stepMs,
    window: stepTolerance,
  });
  return delta === null ? undefined : present + delta;
}

function hold(secret: Buffer): Secret {
  // A copy: small buffers share one pool, and the library takes the whole of what lies behind.
  return new Secret({ buffer: new Uint8Array(secret).buffer });
}

/** Ten recovery codes as they are shown, and the hashes that are kept. */
export function createRecoveryCodes(secondFactorId: string): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: recoveryCodeCount }, () => writeRecoveryCode(randomBytes(recoveryCodeBytes)));
  return { codes, hashes: codes.map((code) => hashShown(secondFactorId, code)) };
}

/** The hash of a recovery code as it was parsed, bound to the second factor it stands in for. */
export function hashRecoveryCode(secondFactorId: string, code: string): Buffer {
  return createHash('sha256').update(`${secondFactorId}:${code}`).digest();
}

function hashShown(secondFactorId: string, shown: string): Buffer {
  const parsed = parseCode(shown);
  if (parsed?.kind !== 'recovery') throw new Error('a recovery code was made that cannot be read back');
  return hashRecoveryCode(secondFactorId, parsed.code);
}
