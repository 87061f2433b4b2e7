import { randomUUID } from 'node:crypto';
import type { Clock } from '@daybook/runtime/clock';
import { DomainError, ValidationError } from '@daybook/runtime/errors';
import { findAccountByUsernameKey, replacePasswordHash, type AccountWithPassword } from '../db/accounts.ts';
import type { StoredSecondFactor } from '../db/second-factors.ts';
import { insertSession } from '../db/sessions.ts';
import { findUsernameFaults, usernameKey } from '../domain/account.ts';
import { findTypedPasswordFaults, needsRehash } from '../domain/password.ts';
import { openSessionAt, trimUserAgent } from '../domain/session.ts';
import { createRefreshToken, hashRefreshToken } from './refresh-token.ts';
import type { SessionLifetimes } from '../domain/session.ts';
import type { HashingQueue } from './hashing-queue.ts';
import { admitAttempt, countedAttempt, countFailedAttempt, forgiveAttempt } from './login-throttle.ts';
import type { CountedAttempt } from './login-throttle.ts';
import type { PasswordChecker } from './password-checker.ts';
import { reportSecurityEvent } from './security-events.ts';
import { grantSession, type SessionGrant } from './session-tokens.ts';
import type { SigningKeyring } from './signing-keyring.ts';
import { refusedCode, spendCode, type SpendCodeDeps } from './spend-code.ts';

/** What sign-in needs. */
export type AuthenticateDeps = SpendCodeDeps & {
  queue: HashingQueue;
  passwords: PasswordChecker;
  keyring: SigningKeyring;
  lifetimes: SessionLifetimes;
  /** By which the access token is dated. */
  tokenClock: Clock;
};

/** A try to sign in; `code` is empty when none was typed. */
export type AuthenticateCommand = {
  username: string;
  password: string;
  code: string;
  clientAddress: string;
  userAgent: string;
};

/**
 * Checks a username and password, and where the account has a second factor a code of it, and opens a session.
 * Unknown users, wrong passwords and accounts that are not active cost the same work and get the same answer, whatever code
 * was typed: a code is looked at only after a right password, so nobody learns who has a second factor and nobody who does
 * not know the password can use up its tries.
 * @throws ValidationError; DomainError INVALID_CREDENTIALS, SECOND_FACTOR_NEEDED, SECOND_FACTOR_WRONG, TOO_MANY_ATTEMPTS
 *   with retryAfterSeconds
 */
export function authenticate(
  deps: AuthenticateDeps,
): (command: AuthenticateCommand, signal: AbortSignal) => Promise<SessionGrant> {
  return async (command, signal) => {
    const faults = [...findUsernameFaults(command.username), ...findTypedPasswordFaults(command.password)];
    if (faults.length > 0) throw new ValidationError(faults);
    const attempt = countedAttempt(deps.pseudonymKey, command.username, command.clientAddress);
    // Asked before the line, so that blocked tries take no place in it, and again in the turn, because tries that stood
    // in line at the same time may have failed meanwhile.
    await admitAttempt(deps, attempt);
    // A second time only when the account changed between check and session: by a reset of the password or a second factor
    // turned on, which must win, or by another sign-in that renewed the cost of the hash, which must not cost this one; a
    // code that was taken is not asked for again.
    let codeTakenFor: string | null = null;
    for (let tries = 0; tries < 2; tries += 1) {
      const found = await deps.queue.run(attempt.addressHash, signal, async () => {
        await admitAttempt(deps, attempt);
        return checkCredentials(deps, command, attempt);
      });
      if (found.secondFactorId !== codeTakenFor) await demandCode(deps, found, command.code, attempt);
      codeTakenFor = found.secondFactorId;
      const grant = await openSession(deps, found, command.userAgent, attempt);
      if (!grant) continue;
      if (needsRehash(found.passwordHash, deps.passwords.cost)) {
        await deps.queue.run(attempt.addressHash, signal, () => renewHash(deps, found, command.password));
      }
      return grant;
    }
    throw refusedCredentials();
  };
}

function refusedCredentials(): DomainError {
  return new DomainError('unauthenticated', 'INVALID_CREDENTIALS', 'The username or the password is wrong.');
}

async function checkCredentials(
  deps: AuthenticateDeps,
  command: AuthenticateCommand,
  attempt: CountedAttempt,
): Promise<AccountWithPassword> {
  const found = await findAccountByUsernameKey(deps.database, usernameKey(command.username));
  const fits = await deps.passwords.check(command.password, found?.passwordHash);
  if (!found || !fits || !found.account.active) {
    await countFailedAttempt(deps, attempt);
    throw refusedCredentials();
  }
  return found;
}

/** Takes the code of an account whose password was right. Nothing to do for one without a second factor. */
async function demandCode(
  deps: AuthenticateDeps,
  { account, secondFactorId }: AccountWithPassword,
  code: string,
  attempt: CountedAttempt,
): Promise<void> {
  if (secondFactorId === null) return;
  if (code.trim() === '') {
    const { addressHash } = attempt;
    reportSecurityEvent(deps.logger, { event: 'second_factor_asked', userId: account.id, addressHash });
    throw new DomainError(
      'unauthenticated',
      'SECOND_FACTOR_NEEDED',
      'The password is right. Now send the code as well.',
    );
  }
  // One that was turned off or begun anew since the password was checked is no longer the one this try is about.
  const same = (factor: StoredSecondFactor | undefined) => {
    if (factor?.id !== secondFactorId) throw refusedCode();
    return factor;
  };
  await spendCode(deps, { account, code, attempt }, same, async () => undefined);
}

async function renewHash(deps: AuthenticateDeps, found: AccountWithPassword, password: string): Promise<void> {
  const to = await deps.passwords.hash(password);
  await replacePasswordHash(deps.database, found.account.id, { from: found.passwordHash, to });
}

async function openSession(
  deps: AuthenticateDeps,
  { account, ...checked }: AccountWithPassword,
  userAgent: string,
  attempt: CountedAttempt,
): Promise<SessionGrant | undefined> {
  const now = deps.clock.now();
  const issuedAt = deps.tokenClock.now();
  const refreshToken = createRefreshToken();
  const ends = openSessionAt(now, deps.lifetimes);
  const id = randomUUID();
  const session = {
    id,
    userId: account.id,
    tokenHash: hashRefreshToken(refreshToken),
    createdAt: now,
    ...ends,
    userAgent: trimUserAgent(userAgent),
  };
  if (!(await insertSession(deps.database, session, checked))) return undefined;
  await forgiveAttempt(deps, attempt);
  const { addressHash } = attempt;
  reportSecurityEvent(deps.logger, { event: 'login_succeeded', userId: account.id, sessionId: id, addressHash });
  const signing = { keyring: deps.keyring, accessMs: deps.lifetimes.accessMs };
  return grantSession(signing, account, { id, refreshToken, expiresAt: ends.expiresAt }, issuedAt);
}
