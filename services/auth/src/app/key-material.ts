import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Keys for separate purposes, all drawn from KEY_ENCRYPTION_KEY, so that one secret is enough for an operator to keep. */
export type KeyMaterial = {
  /** Seals private signing keys at rest. */
  sealing: Buffer;
  /** Seals the secrets of second factors at rest. */
  secondFactor: Buffer;
  /** Derives the successor of a refresh token. */
  successor: Buffer;
  /** Makes addresses and usernames unreadable in counters and logs. */
  pseudonym: Buffer;
};

const nonceBytes = 12;
const tagBytes = 16;
const sealVersion = 1;

/** Derives the purposes' keys (HKDF-SHA-256) from the 32 bytes of KEY_ENCRYPTION_KEY. */
export function deriveKeyMaterial(keyEncryptionKey: Buffer): KeyMaterial {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', keyEncryptionKey, Buffer.alloc(0), `daybook/auth/${purpose}/v1`, 32));
  return {
    sealing: derive('sealing'),
    secondFactor: derive('second-factor'),
    successor: derive('successor'),
    pseudonym: derive('pseudonym'),
  };
}

/** Encrypts a secret by AES-256-GCM, bound to the id it belongs to. Version byte, nonce, tag, ciphertext. */
export function seal(secret: Buffer, id: string, key: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Buffer.from([sealVersion]), nonce, cipher.getAuthTag(), sealed]);
}

/**
 * The secret that was sealed.
 * @throws Error when the key is another one, the id differs or a bit was changed
 */
export function unseal(sealed: Buffer, id: string, key: Buffer): Buffer {
  if (sealed[0] !== sealVersion) throw new Error(`what belongs to ${id} is sealed in an unknown way`);
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(id))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()]);
}

/** Keys that open what rests sealed: the first seals, each opens, more than one while KEY_ENCRYPTION_KEY is changed. */
export type SealingKeys = readonly [Buffer, ...Buffer[]];

/** The secret and which of the keys opened it. @throws Error when none does */
export function unsealByAny(sealed: Buffer, id: string, keys: SealingKeys): { secret: Buffer; openedBy: number } {
  let refusal: unknown;
  for (const [openedBy, key] of keys.entries()) {
    try {
      return { secret: unseal(sealed, id, key), openedBy };
    } catch (error) {
      refusal = error;
    }
  }
  throw new Error(`what belongs to ${id} is sealed by none of the keys in KEY_ENCRYPTION_KEY`, { cause: refusal });
}

/** A keyed hash of something personal that is to be counted or logged but not read. */
export function pseudonymize(key: Buffer, ...parts: string[]): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest();
}
