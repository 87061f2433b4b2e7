import { createHash } from 'node:crypto';
import type { Secret } from '@daybook/runtime/config';
import { DomainError } from '@daybook/runtime/errors';
import type { Logger } from '@daybook/runtime/logger';
import type { Database } from '@daybook/runtime/postgres';
import type { ConnectionSettings } from '../db/connection-settings-repository.ts';
import type { AddressRules } from '../targets/calcom/base-url.ts';
import type { CalcomAccess } from '../targets/calcom/open-target.ts';
import type { Resolve } from '../targets/calcom/pinned-lookup.ts';
import { keyPlace, UnsealableError, type Sealer } from './sealed-secrets.ts';

/** What setting up connections stands on; times in milliseconds. */
export type ConnectionContext = {
  database: Database;
  logger: Logger;
  /** Undefined: the operator gave no key to encrypt with, so no API key can be kept. */
  sealer: Sealer | undefined;
  rules: AddressRules;
  /** How long one call may take. */
  timeoutMs: number;
  /** The domain of placeholder addresses where a connection names none. */
  placeholderDomain: string;
  /** Our origin as the internet sees it; undefined: nobody can call us. */
  publicUrl: string | undefined;
  /** The address and key of the environment's connection. */
  environment: { baseUrl: string; apiKey: Secret } | undefined;
  resolve?: Resolve;
};

/** The key of a connection; undefined when none is kept. @throws UnsealableError */
export function openKey(context: ConnectionContext, settings: ConnectionSettings): Secret | undefined {
  if (settings.connection.managedByOperator) return context.environment?.apiKey;
  if (!settings.sealedKey) return undefined;
  if (!context.sealer) throw new UnsealableError();
  return context.sealer.open(settings.sealedKey, keyPlace(settings.connection.id));
}

/** How the account of a connection is reached; undefined when it has no address or key. @throws UnsealableError */
export function accessOf(context: ConnectionContext, settings: ConnectionSettings): CalcomAccess | undefined {
  const { connection } = settings;
  const apiKey = openKey(context, settings);
  // While a new environment is rolled out, a process keeps its own key for its own address.
  const baseUrl = connection.managedByOperator ? (context.environment?.baseUrl ?? '') : connection.baseUrl;
  if (!apiKey || baseUrl === '') return undefined;
  const placeholderDomain = connection.placeholderDomain || context.placeholderDomain;
  return {
    baseUrl,
    apiKey,
    timeoutMs: context.timeoutMs,
    attendees: { mode: connection.attendeeAddresses, placeholderDomain },
    rules: context.rules,
    hosted: connection.profile === 'hosted',
  };
}

/** Tells a new key from the old one without keeping either. */
export function fingerprintOf(key: Secret): string {
  return createHash('sha256').update(`daybook:${key.reveal()}`).digest('hex').slice(0, 16);
}

/** There is no connection of this id in the organisation. */
export function noSuchConnection(): DomainError {
  return new DomainError('absent', 'CONNECTION_NOT_FOUND', 'There is no such connection.');
}
