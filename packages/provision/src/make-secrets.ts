import { randomUUID } from 'node:crypto';
import type { Logger } from '@daybook/runtime/logger';
import { isStillGood, makeAuthority, makeLeaf } from './certificates.ts';
import type { KeyPair } from './certificates.ts';
import type { SecretStore } from './kubernetes.ts';
import { makeMissing } from './secret-values.ts';

/** Which objects to make; `certificates` is undefined where none are wanted. */
export type SecretsPlan = {
  /** Absent: the values come from elsewhere. */
  valuesName: string | undefined;
  /** Object names of the authority and of each leaf, and under which names each leaf is reached. */
  certificates: { authorityName: string; leaves: Record<string, readonly [string, ...string[]]> } | undefined;
};

type Context = { store: SecretStore; logger: Logger; now: Date };

/**
 * Makes every secret of the plan that is not there, adds values a newer version needs, and renews certificates that
 * near their end. What is there is never replaced otherwise, so it can be run again at any time.
 */
export async function makeSecrets(plan: SecretsPlan, context: Context): Promise<void> {
  if (plan.valuesName !== undefined) await makeValues(plan.valuesName, context);
  if (plan.certificates) await makeCertificates(plan.certificates, context);
}

async function makeValues(name: string, { store, logger }: Context): Promise<void> {
  const present = await store.read(name);
  const missing = makeMissing(new Set(Object.keys(present ?? {})));
  const keys = Object.keys(missing);
  if (present === undefined) await store.create(name, 'Opaque', missing);
  else if (keys.length > 0) await store.patch(name, missing);
  logger.info({ secret: name, made: keys.length }, present ? 'values are complete' : 'values were made');
}

async function makeCertificates(
  { authorityName, leaves }: NonNullable<SecretsPlan['certificates']>,
  context: Context,
): Promise<void> {
  const authority = await readOrMakeAuthority(authorityName, context);
  for (const [name, names] of Object.entries(leaves)) await readyLeaf(authority, name, names, context);
}

async function readOrMakeAuthority(name: string, { store, logger, now }: Context): Promise<KeyPair> {
  const kept = await store.read(name);
  if (kept?.['tls.crt'] && kept['tls.key']) return { certificate: kept['tls.crt'], key: kept['tls.key'] };
  const authority = makeAuthority(`Daybook ${randomUUID()}`, now);
  await store.create(name, 'kubernetes.io/tls', { 'tls.crt': authority.certificate, 'tls.key': authority.key });
  logger.info({ secret: name }, 'a certificate authority was made');
  return authority;
}

async function readyLeaf(
  authority: KeyPair,
  name: string,
  names: readonly [string, ...string[]],
  { store, logger, now }: Context,
): Promise<void> {
  const kept = await store.read(name);
  if (kept?.['tls.crt'] && isStillGood(kept['tls.crt'], authority.certificate, names, now)) return;
  const leaf = makeLeaf(authority, names, now);
  const data = { 'tls.crt': leaf.certificate, 'tls.key': leaf.key, 'ca.crt': authority.certificate };
  if (kept) await store.patch(name, data);
  else await store.create(name, 'kubernetes.io/tls', data);
  logger.info({ secret: name }, kept ? 'a certificate was renewed' : 'a certificate was made');
}
