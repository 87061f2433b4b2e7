import { type FieldFault, ValidationError } from '@daybook/runtime/errors';
import { withTransaction } from '@daybook/runtime/postgres';
import { changePasswordHash } from '../db/accounts.ts';
import { revokeOtherSessions } from '../db/sessions.ts';
import type { Account } from '../domain/account.ts';
import { findNewPasswordFaults, findTypedPasswordFaults } from '../domain/password.ts';
import { getCurrentUser } from './get-current-user.ts';
import { admitAttempt, countedChange, forgiveAttempt } from './login-throttle.ts';
import { checkCurrent, refusedPassword, type OwnPasswordDeps } from './own-password.ts';
import { reportSecurityEvent } from './security-events.ts';

/** What a change of password needs. */
export type ChangePasswordDeps = OwnPasswordDeps;

/** The present password and the one that is to be. */
export type ChangePasswordCommand = { currentPassword: string; newPassword: string };

/**
 * Sets a new password for the person of a session and ends all their other sessions; answers how many. Whoever holds a
 * session but not the password can guess no faster than at sign-in, and holds up nobody's sign-in by it.
 * @throws ValidationError at /newPassword; DomainError SESSION_EXPIRED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS
 */
export function changePassword(
  deps: ChangePasswordDeps,
): (sessionId: string, command: ChangePasswordCommand, signal: AbortSignal) => Promise<number> {
  return async (sessionId, command, signal) => {
    const account = await getCurrentUser(deps)(sessionId);
    checkForm(command, account.username);
    const attempt = countedChange(deps.pseudonymKey, account.username);
    await admitAttempt(deps, attempt);
    const hashes = await deps.queue.run(attempt.addressHash, signal, async () => {
      await admitAttempt(deps, attempt);
      const from = await checkCurrent(deps, account, command.currentPassword, attempt);
      return { from, to: await deps.passwords.hash(command.newPassword) };
    });
    const endedSessions = await store(deps, account, sessionId, hashes);
    await forgiveAttempt(deps, attempt);
    reportSecurityEvent(deps.logger, { event: 'password_changed', userId: account.id, endedSessions });
    return endedSessions;
  };
}

function checkForm({ currentPassword, newPassword }: ChangePasswordCommand, username: string): void {
  const at = (pointer: string, faults: FieldFault[]): FieldFault[] => faults.map((fault) => ({ ...fault, pointer }));
  const faults = [
    ...at('/currentPassword', findTypedPasswordFaults(currentPassword)),
    ...at('/newPassword', findNewPasswordFaults(newPassword, username)),
  ];
  if (faults.length === 0 && currentPassword === newPassword) {
    faults.push({ pointer: '/newPassword', message: 'Choose another password than the present one.' });
  }
  if (faults.length > 0) throw new ValidationError(faults);
}

/** Both or neither: a session opened with the old password meanwhile ends as well, or is never made. */
async function store(
  deps: ChangePasswordDeps,
  account: Account,
  sessionId: string,
  hashes: { from: string; to: string },
): Promise<number> {
  const now = deps.clock.now();
  return withTransaction(deps.database, async (tx) => {
    if (!(await changePasswordHash(tx, account.id, hashes, now))) throw refusedPassword();
    return revokeOtherSessions(tx, { userId: account.id, keepId: sessionId }, 'password_change', now);
  });
}
