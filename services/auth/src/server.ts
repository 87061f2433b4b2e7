import { availableParallelism } from 'node:os';
import { authService } from '@daybook/protos/packages';
import type { Clock } from '@daybook/runtime/clock';
import type { Secret } from '@daybook/runtime/config';
import { startGrpcServer } from '@daybook/runtime/grpc-server';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import type { Database } from '@daybook/runtime/postgres';
import { createTokenVerifier } from '@daybook/runtime/tokens';
import { authenticate } from './app/authenticate.ts';
import { changePassword } from './app/change-password.ts';
import { checkSession } from './app/check-session.ts';
import { startCleanUp } from './app/clean-up.ts';
import { getCurrentUser } from './app/get-current-user.ts';
import { HashingQueue } from './app/hashing-queue.ts';
import { listSigningKeys } from './app/list-signing-keys.ts';
import { endSession, listSessions } from './app/own-sessions.ts';
import { sealSecondFactorsAnew } from './app/operate-second-factor.ts';
import { createPasswordChecker, type PasswordChecker } from './app/password-checker.ts';
import { refreshSession } from './app/refresh-session.ts';
import { keepRevocationsFresh, RevocationFeed } from './app/revocation-feed.ts';
import { revokeSession } from './app/revoke-session.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  getSecondFactor,
  replaceRecoveryCodes,
  turnOffSecondFactor,
} from './app/second-factor.ts';
import { createSigningKeyring } from './app/signing-keyring.ts';
import { watchRevocations } from './app/watch-revocations.ts';
import { deriveKeyMaterial, type KeyMaterial, type SealingKeys } from './app/key-material.ts';
import type { Argon2Cost } from './domain/password.ts';
import type { SessionLifetimes } from './domain/session.ts';
import { createHandlers } from './grpc/handlers.ts';

/** How many sign-ins may wait for their turn at the processor, all addresses together. */
const hashingPlaces = 128;

/** What a replica of the service is made of. */
export type AuthServerOptions = {
  host: string;
  grpcPort: number;
  database: Database;
  databaseUrl: string | Secret;
  /** The first is used; the others, while it is changed, still open what rests under them. */
  keyEncryptionKeys: readonly [Secret, ...Secret[]];
  serviceTokens: Record<string, readonly Secret[]>;
  lifetimes: SessionLifetimes;
  passwordCost: Argon2Cost;
  /** What replicas must agree on is judged by it: when sessions, blocks and keys end. */
  clock: Clock;
  /** Tokens are dated by it; whoever verifies them looks at a clock of their own as well. */
  tokenClock: Clock;
  logger: Logger;
  lifecycle: Lifecycle;
};

/** Starts serving; resolves once the port is open and a signing key exists. `passwords` lets tests count the work done. */
export async function startAuthServer(
  options: AuthServerOptions,
): Promise<{ port: number; passwords: PasswordChecker }> {
  const { database, clock, tokenClock, logger, lifecycle, lifetimes } = options;
  const [keys, ...earlier] = options.keyEncryptionKeys.map((key) =>
    deriveKeyMaterial(Buffer.from(key.reveal(), 'base64')),
  ) as [KeyMaterial, ...KeyMaterial[]];
  const { accessMs } = lifetimes;
  const keyring = createSigningKeyring({
    database,
    clock,
    sealingKeys: [keys.sealing, ...earlier.map(({ sealing }) => sealing)],
    accessMs,
  });
  // Now, so that a wrong KEY_ENCRYPTION_KEY stops the start and not the first sign-in.
  await keyring.current();
  const sealedAnew = await keyring.sealAnew();
  if (sealedAnew > 0) logger.info({ signingKeys: sealedAnew }, 'sealed anew by the first of KEY_ENCRYPTION_KEY');
  const secondFactorKeys: SealingKeys = [keys.secondFactor, ...earlier.map(({ secondFactor }) => secondFactor)];
  const factors = await sealSecondFactorsAnew(database, secondFactorKeys);
  if (factors.sealedAnew > 0)
    logger.info({ secondFactors: factors.sealedAnew }, 'sealed anew by the first of KEY_ENCRYPTION_KEY');
  if (factors.unreadable > 0)
    logger.warn(
      { secondFactors: factors.unreadable },
      'second factors are sealed by none of the keys in KEY_ENCRYPTION_KEY; their people need a recovery code, or the operator turns them off',
    );
  const passwords = createPasswordChecker(options.passwordCost);
  // One core stays free for everybody else's requests; the thread pool has four threads.
  const concurrency = Math.max(1, Math.min(3, availableParallelism() - 1));
  const queue = new HashingQueue({ concurrency, places: hashingPlaces });
  const feed = new RevocationFeed({ database, clock, accessMs });
  keepRevocationsFresh({ feed, databaseUrl: options.databaseUrl, logger, lifecycle });
  startCleanUp({ database, clock, logger, lifecycle });
  const shared = { database, clock, tokenClock, logger, keyring, lifetimes };
  const personal = { ...shared, queue, passwords, pseudonymKey: keys.pseudonym, secondFactorKeys };
  const handlers = createHandlers({
    authenticate: authenticate(personal),
    refreshSession: refreshSession({
      ...shared,
      successorKeys: [keys.successor, ...earlier.map(({ successor }) => successor)],
    }),
    revokeSession: revokeSession(shared),
    getCurrentUser: getCurrentUser(shared),
    listSigningKeys: listSigningKeys(shared),
    watchRevocations: watchRevocations({ feed }),
    checkSession: checkSession(shared),
    changePassword: changePassword(personal),
    listSessions: listSessions(shared),
    endSession: endSession(shared),
    getSecondFactor: getSecondFactor(personal),
    beginSecondFactor: beginSecondFactor(personal),
    confirmSecondFactor: confirmSecondFactor(personal),
    replaceRecoveryCodes: replaceRecoveryCodes(personal),
    turnOffSecondFactor: turnOffSecondFactor(personal),
  });
  const verifier = createTokenVerifier({ keys: () => keyring.publicKeys(), now: () => tokenClock.now().getTime() });
  const { port } = await startGrpcServer({
    host: options.host,
    port: options.grpcPort,
    logger,
    lifecycle,
    services: [{ definition: authService, implementation: handlers }],
    authenticate: { verifier, serviceTokens: options.serviceTokens },
  });
  return { port, passwords };
}
