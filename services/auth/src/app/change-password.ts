import { DomainError, type FieldFault, ValidationError } from '@daybook/runtime/errors';
import { withTransaction } from '@daybook/runtime/postgres';
import { changePasswordHash, findAccountByUsernameKey } from '../db/accounts.ts';
import { revokeOtherSessions } from '../db/sessions.ts';
import { usernameKey, type Account } from '../domain/account.ts';
import { findNewPasswordFaults, findTypedPasswordFaults } from '../domain/password.ts';
import { getCurrentUser } from './get-current-user.ts';
import type { HashingQueue } from './hashing-queue.ts';
import { admitAttempt, countedChange, countFailedAttempt, forgiveAttempt } from './login-throttle.ts';
import type { CountedAttempt, ThrottleDeps } from './login-throttle.ts';
import type { PasswordChecker } from './password-checker.ts';
import { reportSecurityEvent } from './security-events.ts';

/** What a change of password needs. */
export type ChangePasswordDeps = ThrottleDeps & { queue: HashingQueue; passwords: PasswordChecker };

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

function refusedPassword(): DomainError {
  return new DomainError('unauthenticated', 'INVALID_CREDENTIALS', 'The present password is wrong.');
}

/** The hash the password fits. */
async function checkCurrent(
  deps: ChangePasswordDeps,
  account: Account,
  password: string,
  attempt: CountedAttempt,
): Promise<string> {
  const found = await findAccountByUsernameKey(deps.database, usernameKey(account.username));
  if (found && (await deps.passwords.check(password, found.passwordHash))) return found.passwordHash;
  await countFailedAttempt(deps, attempt);
  throw refusedPassword();
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
