import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Clock } from '@daybook/runtime/clock';
import type { Database } from '@daybook/runtime/postgres';
import {
  ensureSigningKey,
  listSigningKeysAliveSince,
  replaceSealedKey,
  type StoredSigningKey,
} from '../db/signing-keys.ts';
import { seal, unsealByAny, type SealingKeys } from './key-material.ts';
import { revocationMarginMs } from '../domain/session.ts';

/** A public key by its kid. */
export type PublicSigningKey = { kid: string; publicKeyPem: string };

/** The keys of this installation. */
export type SigningKeyring = {
  /** The key that signs; made when there is none. At most a minute old, so that a retired key stops signing soon. */
  current(): Promise<{ kid: string; privateKeyPem: string }>;
  /** The keys that verify, the current one first. At most a second old: another replica's new key must be found. */
  publicKeys(): Promise<PublicSigningKey[]>;
  /** Seals by the first sealing key what rests under another of ours; how many keys that were. */
  sealAnew(): Promise<number>;
};

const signingMaxAgeMs = 60_000;
const listMaxAgeMs = 1_000;

/** Keys kept in the database, their private halves opened here only. @param options.accessMs life of an access token */
export function createSigningKeyring(options: {
  database: Database;
  clock: Clock;
  sealingKeys: SealingKeys;
  accessMs: number;
}): SigningKeyring {
  const { database, clock, sealingKeys, accessMs } = options;
  let loaded: { at: number; keys: Promise<StoredSigningKey[]> } | undefined;

  const load = async (): Promise<StoredSigningKey[]> => {
    const since = new Date(clock.now().getTime() - accessMs - revocationMarginMs);
    const keys = await listSigningKeysAliveSince(database, since);
    if (keys[0] && keys[0].retiredAt === null) return keys;
    await ensureSigningKey(database, () => createSigningKey(sealingKeys[0], clock.now()));
    return listSigningKeysAliveSince(database, since);
  };

  const keysNoOlderThan = (maxAgeMs: number): Promise<StoredSigningKey[]> => {
    const at = performance.now();
    if (!loaded || at - loaded.at > maxAgeMs) {
      const keys = load();
      const attempt = { at, keys };
      loaded = attempt;
      // A failure is not remembered; the next caller asks again.
      keys.catch(() => {
        if (loaded === attempt) loaded = undefined;
      });
    }
    return loaded.keys;
  };

  return {
    current: async () => {
      const [key] = await keysNoOlderThan(signingMaxAgeMs);
      if (!key) throw new Error('there is no signing key although one was just ensured');
      return { kid: key.kid, privateKeyPem: openByAny(key, sealingKeys).privateKeyPem };
    },
    publicKeys: async () =>
      (await keysNoOlderThan(listMaxAgeMs)).map(({ kid, publicKeyPem }) => ({ kid, publicKeyPem })),
    sealAnew: async () => {
      let count = 0;
      // Of a retired key the private half is never used again.
      for (const key of (await keysNoOlderThan(listMaxAgeMs)).filter(({ retiredAt }) => retiredAt === null)) {
        const { privateKeyPem, openedBy } = openByAny(key, sealingKeys);
        if (openedBy === 0) continue;
        await replaceSealedKey(database, key, seal(Buffer.from(privateKeyPem), key.kid, sealingKeys[0]));
        count += 1;
      }
      return count;
    },
  };
}

/** The private key and which of the sealing keys opened it. @throws Error when none does */
function openByAny(key: StoredSigningKey, keys: SealingKeys): { privateKeyPem: string; openedBy: number } {
  const { secret, openedBy } = unsealByAny(key.privateKeySealed, key.kid, keys);
  return { privateKeyPem: secret.toString('utf8'), openedBy };
}

function createSigningKey(sealingKey: Buffer, now: Date): StoredSigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const kid = randomUUID();
  return {
    kid,
    publicKeyPem: publicKey,
    privateKeySealed: seal(Buffer.from(privateKey), kid, sealingKey),
    createdAt: now,
    retiredAt: null,
  };
}
