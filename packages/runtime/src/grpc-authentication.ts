import { createHash, timingSafeEqual } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import type { Secret } from './config.ts';
import { DomainError } from './errors.ts';
import type { Actor, TokenVerifier } from './tokens.ts';

/** How callers prove who they are: people by token, services by a secret of their own, or one of two while it changes. */
export type Authentication = { verifier: TokenVerifier; serviceTokens?: Record<string, readonly Secret[]> };

function refuse(): DomainError {
  return new DomainError('unauthenticated', 'SESSION_INVALID', 'Please sign in again.');
}

/** Digests have equal length, so the comparison takes the same time whatever was sent. */
function equalSecrets(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function authenticateService(credential: string, tokens: Record<string, readonly Secret[]>): Actor {
  const separator = credential.indexOf(':');
  const name = credential.slice(0, separator);
  const shown = credential.slice(separator + 1);
  const known = Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  // An unknown name is compared as well, so that names cannot be told apart by time; an empty secret never counts.
  const accepted = known?.map((secret) => secret.reveal()) ?? ['no such service'];
  const matches = accepted.filter((secret) => equalSecrets(shown, secret) && secret !== '');
  if (separator < 1 || !known || matches.length === 0) throw refuse();
  return { kind: 'service', name };
}

/**
 * Who calls, from the metadata `authorization`: `Bearer <jwt>` or `Service <name>:<secret>`; undefined when absent.
 * @throws DomainError unauthenticated when a credential is present but not good, also when there are two
 */
export async function authenticateCall(
  metadata: Metadata,
  authentication: Authentication | undefined,
): Promise<Actor | undefined> {
  const credentials = metadata.get('authorization');
  if (credentials.length === 0 || !authentication) return undefined;
  const [credential] = credentials;
  if (credentials.length > 1 || typeof credential !== 'string') throw refuse();
  const [, scheme, value] = /^(Bearer|Service) (\S+)$/.exec(credential) ?? [];
  if (scheme === 'Bearer' && value !== undefined) return authentication.verifier.verify(value);
  if (scheme === 'Service' && value !== undefined) {
    return authenticateService(value, authentication.serviceTokens ?? {});
  }
  throw refuse();
}
