import { randomUUID } from 'node:crypto';
import { ValidationError } from '@daybook/runtime/errors';
import type { Clock } from '@daybook/runtime/clock';
import type { Logger } from '@daybook/runtime/logger';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import * as accounts from '../db/accounts.ts';
import { revokeSessionsOfUser } from '../db/sessions.ts';
import { clearThrottleCounters } from '../db/throttle-counters.ts';
import { findUsernameFaults, parseOrganizationName, usernameKey } from '../domain/account.ts';
import { findNewPasswordFaults } from '../domain/password.ts';
import type { PasswordChecker } from './password-checker.ts';
import { reportSecurityEvent } from './security-events.ts';

/** What making an owner needs. */
export type CreateOwnerDeps = { database: Database; clock: Clock; logger: Logger; passwords: PasswordChecker };

/** The owner who shall be able to sign in. */
export type OwnerCommand = { username: string; password: string; organizationName: string };

/** What became of it: whether the account was made now, and the username of the owner there is. */
export type OwnerOutcome = { created: boolean; username: string };

/**
 * Makes the practice and its owner when there is no owner yet, however many processes try at once; otherwise nothing
 * changes and the command's password is not looked at.
 * @throws ValidationError for a username or password that cannot be set
 */
export function createOwner(deps: CreateOwnerDeps): (command: OwnerCommand) => Promise<OwnerOutcome> {
  return (command) =>
    withTransaction(deps.database, async (tx) => {
      await accounts.lockOwnerCreation(tx);
      const existing = await accounts.findFirstOwner(tx);
      if (existing) return { created: false, username: existing.username };
      const username = command.username.trim();
      checkNewCredentials(username, command.password);
      const organization = { id: randomUUID(), name: parseOrganizationName(command.organizationName) };
      const id = randomUUID();
      await accounts.insertOrganization(tx, organization);
      await accounts.insertAccount(tx, {
        id,
        organizationId: organization.id,
        username,
        usernameKey: usernameKey(username),
        fullName: username,
        roles: ['owner'],
        passwordHash: await deps.passwords.hash(command.password),
      });
      reportSecurityEvent(deps.logger, { event: 'owner_created', userId: id });
      return { created: true, username };
    });
}

/**
 * Sets a new password for an owner, ends all sessions of the account and forgets failed sign-ins; the account is active
 * afterwards. Where there is no owner at all, one is made.
 * @throws ValidationError for a password that cannot be set, or when no owner has that username
 */
export function resetOwner(deps: CreateOwnerDeps): (command: OwnerCommand) => Promise<OwnerOutcome> {
  return async (command) => {
    const made = await createOwner(deps)(command);
    if (made.created) return made;
    checkNewCredentials(command.username, command.password);
    const hash = await deps.passwords.hash(command.password);
    return withTransaction(deps.database, async (tx) => {
      const owner = await accounts.findOwnerByUsernameKey(tx, usernameKey(command.username));
      if (!owner) throw new ValidationError([{ pointer: '/username', message: 'No owner has this username.' }]);
      const now = deps.clock.now();
      await accounts.resetAccount(tx, owner.id, hash, now);
      const endedSessions = await revokeSessionsOfUser(tx, owner.id, 'password_reset', now);
      await clearThrottleCounters(tx);
      reportSecurityEvent(deps.logger, { event: 'owner_reset', userId: owner.id, endedSessions });
      return { created: false, username: owner.username };
    });
  };
}

function checkNewCredentials(username: string, password: string): void {
  const faults = [...findUsernameFaults(username), ...findNewPasswordFaults(password, username)];
  if (faults.length > 0) throw new ValidationError(faults);
}
