import { createPublicKey, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { DomainError } from './errors.ts';

/** What a person may be. */
export type Role = 'owner' | 'admin' | 'staff' | 'customer';

/** Who asks: a person with a verified token, or a service with its own secret. */
export type Actor =
  | {
      kind: 'user';
      userId: string;
      organizationId: string;
      roles: readonly Role[];
      sessionId: string;
      /** Epoch seconds. */
      tokenExpiresAt: number;
    }
  | { kind: 'service'; name: string };

/** A person with a verified token. */
export type UserActor = Extract<Actor, { kind: 'user' }>;
/** A service that showed its secret. */
export type ServiceActor = Extract<Actor, { kind: 'service' }>;

/** Where public keys come from (SPKI PEM); asked rarely, so it may be an rpc. */
export type KeySource = () => Promise<{ kid: string; publicKeyPem: string }[]>;

/** Verifies access tokens. */
export type TokenVerifier = { verify(token: string): Promise<UserActor> };

/** Settings of a verifier; `now` gives epoch milliseconds. */
export type TokenVerifierOptions = { keys: KeySource; clockToleranceSeconds?: number; now?: () => number };

const issuer = 'daybook';
const audience = 'daybook';
const tokenType = 'at+jwt';
const algorithm = 'ES256';
const roles: ReadonlySet<unknown> = new Set<Role>(['owner', 'admin', 'staff', 'customer']);

const keysFreshMs = 10 * 60_000;
const refetchPauseMs = 5000;
const verifiedFreshMs = 60_000;
const verifiedAtMost = 10_000;
const longestToken = 8192;

/** Header fields that let a token name its own key or demand processing; a token that has one is refused (RFC 8725). */
const forbiddenHeaders = ['jwk', 'jku', 'x5c', 'x5u', 'x5t', 'x5t#S256', 'crit', 'zip', 'b64'];

function invalid(cause?: unknown): DomainError {
  return new DomainError('unauthenticated', 'SESSION_INVALID', 'Please sign in again.', { cause });
}

function expired(cause?: unknown): DomainError {
  return new DomainError('unauthenticated', 'SESSION_EXPIRED', 'Your session has expired. Please sign in again.', {
    cause,
  });
}

function readKeyId(token: string): string {
  if (token.length > longestToken) throw invalid();
  let header: Record<string, unknown> | undefined;
  try {
    header = jwt.decode(token, { complete: true })?.header as Record<string, unknown> | undefined;
  } catch (error) {
    throw invalid(error);
  }
  if (!header || header['alg'] !== algorithm || header['typ'] !== tokenType) throw invalid();
  if (forbiddenHeaders.some((name) => name in header)) throw invalid();
  const kid = header['kid'];
  if (typeof kid !== 'string' || kid === '') throw invalid();
  return kid;
}

function readActor(payload: string | jwt.JwtPayload): UserActor {
  if (typeof payload === 'string') throw invalid();
  const { sub, sid, org, exp, nbf, jti } = payload as Record<string, unknown>;
  const claimed: unknown = payload['roles'];
  const texts = [sub, sid, org, jti];
  if (!texts.every((text) => typeof text === 'string' && text !== '')) throw invalid();
  if (typeof exp !== 'number' || typeof nbf !== 'number') throw invalid();
  if (!Array.isArray(claimed) || !claimed.every((role) => roles.has(role))) throw invalid();
  return {
    kind: 'user',
    userId: sub as string,
    organizationId: org as string,
    roles: claimed as Role[],
    sessionId: sid as string,
    tokenExpiresAt: exp,
  };
}

/** Public keys by id, asked for anew every ten minutes and, at most every five seconds, when an id is unknown. */
class KeyCache {
  readonly #source: KeySource;
  readonly #now: () => number;
  #keys = new Map<string, KeyObject>();
  #loadedAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor(source: KeySource, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  async find(kid: string): Promise<KeyObject> {
    const stale = this.#now() - this.#loadedAt >= keysFreshMs;
    if (stale || !this.#keys.has(kid)) await this.#reload(stale);
    const key = this.#keys.get(kid);
    if (key) return key;
    throw invalid();
  }

  async #reload(stale: boolean): Promise<void> {
    if (this.#now() - this.#askedAt < refetchPauseMs && !this.#loading && this.#keys.size > 0) return;
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    try {
      await this.#loading;
    } catch (error) {
      // Keys we hold stay good while auth is away: an outage there must not sign everybody out.
      if (stale && this.#keys.size > 0) return;
      throw new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'Sign-in cannot be checked at the moment.', {
        cause: error,
      });
    }
  }

  async #load(): Promise<void> {
    this.#askedAt = this.#now();
    const listed = await this.#source();
    this.#keys = new Map(listed.map(({ kid, publicKeyPem }) => [kid, readPublicKey(publicKeyPem)]));
    this.#loadedAt = this.#now();
  }
}

function readPublicKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('a signing key must be on the curve P-256');
  }
  return key;
}

type Verified = { actor: UserActor; until: number };

/**
 * A verifier of ES256 access tokens (RFC 9068 profile, RFC 8725 rules: fixed algorithm, key by known id only). Verified
 * tokens are remembered up to a minute and never beyond their expiry; revocation is checked elsewhere, each time.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const now = options.now ?? Date.now;
  const tolerance = options.clockToleranceSeconds ?? 5;
  const keys = new KeyCache(options.keys, now);
  const verified = new Map<string, Verified>();

  function remember(token: string, actor: UserActor): void {
    // The oldest entry goes first: a Map keeps insertion order.
    if (verified.size >= verifiedAtMost) verified.delete(verified.keys().next().value as string);
    verified.set(token, { actor, until: Math.min(now() + verifiedFreshMs, actor.tokenExpiresAt * 1000) });
  }

  async function verify(token: string): Promise<UserActor> {
    const known = verified.get(token);
    if (known && known.until > now()) return known.actor;
    verified.delete(token);
    const key = await keys.find(readKeyId(token));
    const actor = readActor(checkSignature(token, key, { tolerance, now: now() }));
    remember(token, actor);
    return actor;
  }
  return { verify };
}

function checkSignature(
  token: string,
  key: KeyObject,
  time: { tolerance: number; now: number },
): string | jwt.JwtPayload {
  try {
    return jwt.verify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      clockTolerance: time.tolerance,
      clockTimestamp: Math.floor(time.now / 1000),
    });
  } catch (error) {
    throw error instanceof jwt.TokenExpiredError ? expired(error) : invalid(error);
  }
}

/** What an access token says; `tokenId` (jti) is made when absent. */
export type AccessTokenClaims = {
  userId: string;
  organizationId: string;
  roles: readonly Role[];
  sessionId: string;
  tokenId?: string;
};

/**
 * Signs an access token valid from now for `lifetimeSeconds`.
 * @param now epoch milliseconds
 */
export function signAccessToken(
  claims: AccessTokenClaims,
  key: { kid: string; privateKeyPem: string },
  lifetimeSeconds: number,
  now: number = Date.now(),
): string {
  const issuedAt = Math.floor(now / 1000);
  const payload = {
    iss: issuer,
    aud: audience,
    sub: claims.userId,
    sid: claims.sessionId,
    org: claims.organizationId,
    roles: claims.roles,
    jti: claims.tokenId ?? randomUUID(),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  };
  return jwt.sign(payload, key.privateKeyPem, { algorithm, header: { alg: algorithm, typ: tokenType, kid: key.kid } });
}
