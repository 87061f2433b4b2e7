import { randomBytes, randomInt } from 'node:crypto';

/** A letter first, so that configuration formats that guess types never take it for a number. */
function makeToken(): string {
  return `s${randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
}

/** A password that can be read aloud and typed: six groups of two syllables, 75 bits of chance. */
function makeReadablePassword(): string {
  const pick = (letters: string): string => letters[randomInt(letters.length)] ?? '';
  const syllable = (): string => pick('bdfghjklmnprstvz') + pick('aeiou');
  return Array.from({ length: 6 }, () => syllable() + syllable()).join('-');
}

/** Every secret value an installation needs, by the key under which it is kept, with how it is made. */
export const secretMakers: Readonly<Record<string, () => string>> = {
  'key-encryption-key': () => randomBytes(32).toString('base64'),
  'backup-encryption-key': () => randomBytes(32).toString('base64'),
  'connection-encryption-key': () => randomBytes(32).toString('base64'),
  'gateway-token': makeToken,
  'gateway-calcom-sync-token': makeToken,
  'calcom-sync-token': makeToken,
  'owner-password': makeReadablePassword,
  'postgres-admin-password': makeToken,
  'auth-migrator-password': makeToken,
  'auth-app-password': makeToken,
  'scheduling-migrator-password': makeToken,
  'scheduling-app-password': makeToken,
  'calcom-sync-migrator-password': makeToken,
  'calcom-sync-app-password': makeToken,
  'nats-gateway-password': makeToken,
  'nats-scheduling-password': makeToken,
  'nats-calcom-sync-password': makeToken,
  'nats-operator-password': makeToken,
  'calcom-sandbox-key': makeToken,
};

/** What is missing of the values, freshly made; what is there stays as it is. */
export function makeMissing(present: ReadonlySet<string>): Record<string, string> {
  const missing = Object.entries(secretMakers).filter(([key]) => !present.has(key));
  return Object.fromEntries(missing.map(([key, make]) => [key, make()]));
}
