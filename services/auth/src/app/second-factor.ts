import { randomUUID } from 'node:crypto';
import { DomainError } from '@daybook/runtime/errors';
import type { Tx } from '@daybook/runtime/postgres';
import * as factors from '../db/second-factors.ts';
import { revokeOtherSessions } from '../db/sessions.ts';
import { isConfirmable } from '../domain/second-factor.ts';
import { getCurrentUser } from './get-current-user.ts';
import { seal } from './key-material.ts';
import { countedChange } from './login-throttle.ts';
import { createRecoveryCodes, createSecret, describeSecret } from './one-time-codes.ts';
import { demandPassword, type OwnPasswordDeps } from './own-password.ts';
import { reportSecurityEvent } from './security-events.ts';
import { spendCode, type SpendCodeDeps } from './spend-code.ts';

/** What looking after one's second factor needs. */
export type SecondFactorDeps = OwnPasswordDeps & SpendCodeDeps;

/** How it stands; `since` is missing while it is off. */
export type SecondFactorState = { on: boolean; since?: Date; recoveryCodesLeft: number };

/** What a change of the second factor is allowed by: a session alone is not enough. */
export type SecondFactorProof = { currentPassword: string; code: string };

/** Whether the person of a session has a second factor. @throws DomainError SESSION_EXPIRED */
export function getSecondFactor(deps: SecondFactorDeps): (sessionId: string) => Promise<SecondFactorState> {
  return async (sessionId) => {
    const account = await getCurrentUser(deps)(sessionId);
    const found = await factors.findSecondFactor(deps.database, account.id);
    return found ? { on: true, ...found } : { on: false, recoveryCodesLeft: 0 };
  };
}

/**
 * Makes a secret for the person of a session, who shows that they know the password. It counts only once it is confirmed.
 * @throws ValidationError; DomainError SESSION_EXPIRED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, SECOND_FACTOR_ALREADY_ON
 */
export function beginSecondFactor(
  deps: SecondFactorDeps,
): (sessionId: string, currentPassword: string, signal: AbortSignal) => Promise<{ secret: string; uri: string }> {
  return async (sessionId, currentPassword, signal) => {
    const account = await getCurrentUser(deps)(sessionId);
    await demandPassword(deps, account, currentPassword, signal);
    const [id, secret] = [randomUUID(), createSecret()];
    const begun = { userId: account.id, id, secretSealed: seal(secret, id, deps.secondFactorKeys[0]) };
    if (!(await factors.storeBegunFactor(deps.database, { ...begun, begunAt: deps.clock.now() }))) throw alreadyOn();
    return describeSecret(secret, account.username);
  };
}

/**
 * Turns the second factor on with a first code, which shows that the app has the secret, and ends all other sessions: they were
 * opened without it. Answers the recovery codes, which nobody is shown again.
 * @throws ValidationError; DomainError SESSION_EXPIRED, SECOND_FACTOR_WRONG, TOO_MANY_ATTEMPTS, SECOND_FACTOR_NOT_BEGUN,
 *   SECOND_FACTOR_ALREADY_ON
 */
export function confirmSecondFactor(
  deps: SecondFactorDeps,
): (sessionId: string, code: string) => Promise<{ recoveryCodes: string[]; endedSessions: number }> {
  return async (sessionId, code) => {
    const account = await getCurrentUser(deps)(sessionId);
    const attempt = countedChange(deps.pseudonymKey, account.username);
    const begun = (factor: factors.StoredSecondFactor | undefined) => {
      if (factor?.confirmedAt) throw alreadyOn();
      if (!factor || !isConfirmable(factor.begunAt, deps.clock.now())) throw notBegun();
      return factor;
    };
    const turnedOn = await spendCode(deps, { account, code, attempt }, begun, async (tx, { id }) => {
      const now = deps.clock.now();
      await factors.confirmSecondFactor(tx, account.id, id, now);
      const recoveryCodes = await storeRecoveryCodes(tx, id);
      const own = { userId: account.id, keepId: sessionId };
      return { recoveryCodes, endedSessions: await revokeOtherSessions(tx, own, 'second_factor_change', now) };
    });
    const { endedSessions } = turnedOn;
    reportSecurityEvent(deps.logger, { event: 'second_factor_on', userId: account.id, endedSessions });
    return turnedOn;
  };
}

/**
 * Makes new recovery codes in place of all earlier ones.
 * @throws ValidationError; DomainError SESSION_EXPIRED, INVALID_CREDENTIALS, SECOND_FACTOR_WRONG, TOO_MANY_ATTEMPTS,
 *   SECOND_FACTOR_NOT_ON
 */
export function replaceRecoveryCodes(
  deps: SecondFactorDeps,
): (sessionId: string, proof: SecondFactorProof, signal: AbortSignal) => Promise<string[]> {
  return async (sessionId, { currentPassword, code }, signal) => {
    const account = await getCurrentUser(deps)(sessionId);
    const attempt = await demandPassword(deps, account, currentPassword, signal);
    const codes = await spendCode(deps, { account, code, attempt }, confirmed, (tx, { id }) =>
      storeRecoveryCodes(tx, id),
    );
    reportSecurityEvent(deps.logger, { event: 'recovery_codes_replaced', userId: account.id });
    return codes;
  };
}

/**
 * Turns the second factor off and ends all other sessions; answers how many.
 * @throws as replaceRecoveryCodes
 */
export function turnOffSecondFactor(
  deps: SecondFactorDeps,
): (sessionId: string, proof: SecondFactorProof, signal: AbortSignal) => Promise<number> {
  return async (sessionId, { currentPassword, code }, signal) => {
    const account = await getCurrentUser(deps)(sessionId);
    const attempt = await demandPassword(deps, account, currentPassword, signal);
    const endedSessions = await spendCode(deps, { account, code, attempt }, confirmed, async (tx) => {
      await factors.removeSecondFactor(tx, account.id);
      const own = { userId: account.id, keepId: sessionId };
      return revokeOtherSessions(tx, own, 'second_factor_change', deps.clock.now());
    });
    reportSecurityEvent(deps.logger, { event: 'second_factor_off', userId: account.id, endedSessions, by: 'user' });
    return endedSessions;
  };
}

async function storeRecoveryCodes(tx: Tx, factorId: string): Promise<string[]> {
  const { codes, hashes } = createRecoveryCodes(factorId);
  await factors.replaceRecoveryCodes(tx, factorId, hashes);
  return codes;
}

function confirmed(factor: factors.StoredSecondFactor | undefined): factors.StoredSecondFactor {
  if (factor?.confirmedAt) return factor;
  throw new DomainError('refused', 'SECOND_FACTOR_NOT_ON', 'The second factor is not on.');
}

function alreadyOn(): DomainError {
  return new DomainError('taken', 'SECOND_FACTOR_ALREADY_ON', 'The second factor is on already; turn it off first.');
}

function notBegun(): DomainError {
  return new DomainError(
    'refused',
    'SECOND_FACTOR_NOT_BEGUN',
    'There is no key to confirm, or it is older than fifteen minutes. Begin again.',
  );
}
