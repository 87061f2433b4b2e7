import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Secret } from '@daybook/runtime/config';

/** Encrypts what must rest in the database unread. */
export type Sealer = {
  /** Encrypts under the newest key, bound to a place: moved to another row or column it cannot be opened. */
  seal(secret: Secret, place: string): Buffer;
  /** @throws UnsealableError when no key of ours opens it, or it was changed or moved */
  open(sealed: Buffer, place: string): Secret;
  /** Whether it was sealed under the newest key. */
  isCurrent(sealed: Buffer): boolean;
};

/** A sealed value that cannot be opened with the keys at hand. */
export class UnsealableError extends Error {
  constructor(options?: ErrorOptions) {
    super('a stored secret cannot be opened with the keys of the environment', options);
    this.name = 'UnsealableError';
  }
}

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_NAME_BYTES = 4;
const HEAD_BYTES = 1 + KEY_NAME_BYTES;

/**
 * AES-256-GCM with a fresh nonce for each value. The first key seals; the others, older ones, still open.
 * @param keys 32 bytes each, at least one
 */
export function createSealer(keys: readonly Buffer[]): Sealer {
  const named = keys.map((key) => ({ key, name: nameOf(key) }));
  const [newest] = named;
  if (!newest) throw new Error('a sealer needs a key');
  return {
    seal(secret, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce);
      cipher.setAAD(Buffer.from(place));
      const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([FORMAT]), newest.name, nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, place) {
      const key = named.find(({ name }) => name.equals(sealed.subarray(1, HEAD_BYTES)))?.key;
      if (!key || sealed[0] !== FORMAT || sealed.length < HEAD_BYTES + NONCE_BYTES + TAG_BYTES)
        throw new UnsealableError();
      const nonce = sealed.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
      const text = sealed.subarray(HEAD_BYTES + NONCE_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(place));
        decipher.setAuthTag(sealed.subarray(HEAD_BYTES + NONCE_BYTES, HEAD_BYTES + NONCE_BYTES + TAG_BYTES));
        return new Secret(Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8'));
      } catch (error) {
        throw new UnsealableError({ cause: error });
      }
    },
    isCurrent: (sealed) => sealed[0] === FORMAT && newest.name.equals(sealed.subarray(1, HEAD_BYTES)),
  };
}

/** Tells keys apart without saying anything of them. */
function nameOf(key: Buffer): Buffer {
  return createHash('sha256').update('daybook connection key').update(key).digest().subarray(0, KEY_NAME_BYTES);
}

/** Where the API key of a connection rests. */
export function keyPlace(connectionId: string): string {
  return `connection ${connectionId} key`;
}

/** Where a webhook secret of a connection rests. */
export function webhookPlace(connectionId: string): string {
  return `connection ${connectionId} webhook secret`;
}
