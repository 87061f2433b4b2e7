import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Keys for separate purposes, all drawn from KEY_ENCRYPTION_KEY, so that one secret is enough for an operator to keep. */
export type KeyMaterial = {
  /** Seals private signing keys at rest. */
  sealing: Buffer;
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
  return { sealing: derive('sealing'), successor: derive('successor'), pseudonym: derive('pseudonym') };
}

/** Encrypts a private key by AES-256-GCM, bound to its kid. Version byte, nonce, tag, ciphertext. */
export function sealPrivateKey(pem: string, kid: string, key: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(kid));
  const sealed = Buffer.concat([cipher.update(pem, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([sealVersion]), nonce, cipher.getAuthTag(), sealed]);
}

/**
 * The private key that was sealed.
 * @throws Error when the key is another one, the kid differs or a bit was changed
 */
export function openPrivateKey(sealed: Buffer, kid: string, key: Buffer): string {
  if (sealed[0] !== sealVersion) throw new Error(`signing key ${kid} is sealed in an unknown way`);
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(kid))
    .setAuthTag(tag);
  const opened = [decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()];
  return Buffer.concat(opened).toString('utf8');
}

/** A keyed hash of something personal that is to be counted or logged but not read. */
export function pseudonymize(key: Buffer, ...parts: string[]): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest();
}
