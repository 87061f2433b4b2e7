import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { databaseRoles } from '@daybook/provision/databases';
import { writeDurably } from './durable-file.ts';

/** What one data folder must remember between starts; kept in a file with mode 0600. Never the owner's password. */
export type StackSecrets = {
  /** By role name. */
  databasePasswords: Record<string, string>;
  /** 32 bytes in base64; auth's signing keys rest encrypted with it. */
  keyEncryptionKey: string;
  /** 32 bytes in base64; the API keys of connections rest encrypted with it. */
  connectionEncryptionKey: string;
  /** What each calling service shows to the one it calls; the gateway has one for auth and one for calcom-sync. */
  serviceTokens: { gateway: string; gatewayToSync: string; calcomSync: string };
  /** Set once the owner's account was made from this folder. */
  ownerUsername?: string;
};

/** Reads the file, or makes it with fresh random values. */
export function readOrMakeSecrets(file: string): StackSecrets {
  const text = readIfPresent(file);
  const kept = text === undefined ? {} : (JSON.parse(text) as Partial<StackSecrets>);
  const secrets: StackSecrets = {
    ...kept,
    databasePasswords: { ...makeForEach(databaseRoles), ...kept.databasePasswords },
    keyEncryptionKey: kept.keyEncryptionKey ?? randomBytes(32).toString('base64'),
    connectionEncryptionKey: kept.connectionEncryptionKey ?? randomBytes(32).toString('base64'),
    serviceTokens: {
      gateway: makeSecret(),
      gatewayToSync: makeSecret(),
      calcomSync: makeSecret(),
      ...kept.serviceTokens,
    },
  };
  saveSecrets(file, secrets);
  return secrets;
}

/** Replaces the file in one step; no power cut loses it afterwards. */
export function saveSecrets(file: string, secrets: StackSecrets): void {
  writeDurably(file, `${JSON.stringify(secrets, undefined, 2)}\n`);
}

function makeForEach(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, makeSecret()]));
}

function makeSecret(): string {
  return randomBytes(24).toString('base64url');
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
