import { DomainError, ValidationError } from '@daybook/runtime/errors';
import { findAccountByUsernameKey } from '../db/accounts.ts';
import { usernameKey, type Account } from '../domain/account.ts';
import { findTypedPasswordFaults } from '../domain/password.ts';
import type { HashingQueue } from './hashing-queue.ts';
import { admitAttempt, countedChange, countFailedAttempt, forgiveAttempt } from './login-throttle.ts';
import type { CountedAttempt, ThrottleDeps } from './login-throttle.ts';
import type { PasswordChecker } from './password-checker.ts';

/** What asking a signed-in person for their password needs. */
export type OwnPasswordDeps = ThrottleDeps & { queue: HashingQueue; passwords: PasswordChecker };

/** The refusal of a signed-in person's password. */
export function refusedPassword(): DomainError {
  return new DomainError('unauthenticated', 'INVALID_CREDENTIALS', 'The present password is wrong.');
}

/** The hash the password fits; to be called in a turn of the queue. @throws DomainError INVALID_CREDENTIALS, counted */
export async function checkCurrent(
  deps: OwnPasswordDeps,
  account: Account,
  password: string,
  attempt: CountedAttempt,
): Promise<string> {
  const found = await findAccountByUsernameKey(deps.database, usernameKey(account.username));
  if (found && (await deps.passwords.check(password, found.passwordHash))) return found.passwordHash;
  await countFailedAttempt(deps, attempt);
  throw refusedPassword();
}

/**
 * Makes sure that whoever holds the session also knows the password; guessing is held up as at sign-in and holds up nobody's
 * sign-in. Answers how the attempt was counted.
 * @throws ValidationError at /currentPassword; DomainError INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS
 */
export async function demandPassword(
  deps: OwnPasswordDeps,
  account: Account,
  password: string,
  signal: AbortSignal,
): Promise<CountedAttempt> {
  const faults = findTypedPasswordFaults(password).map((fault) => ({ ...fault, pointer: '/currentPassword' }));
  if (faults.length > 0) throw new ValidationError(faults);
  const attempt = countedChange(deps.pseudonymKey, account.username);
  await admitAttempt(deps, attempt);
  await deps.queue.run(attempt.addressHash, signal, async () => {
    await admitAttempt(deps, attempt);
    await checkCurrent(deps, account, password, attempt);
  });
  await forgiveAttempt(deps, attempt);
  return attempt;
}
