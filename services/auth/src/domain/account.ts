import { ValidationError, type FieldFault } from '@daybook/runtime/errors';
import type { Role } from './roles.ts';

/** A person who can sign in, as the use cases see it; the password hash is handled apart. */
export type Account = {
  /** UUID. */
  id: string;
  /** UUID of the practice. */
  organizationId: string;
  /** As first typed; compared by usernameKey. */
  username: string;
  /** For display. */
  fullName: string;
  /** Most powerful first. */
  roles: readonly Role[];
  /** False refuses everything. */
  active: boolean;
};

const usernameLimit = 200;
const organizationNameLimit = 200;

/**
 * What makes two usernames the same: compatibility forms, case and outer blanks do not count, so that nobody can open
 * an account that looks like another one.
 */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** Faults of a username at sign-in or when it is set: 1 to 200 characters, more than blanks, no control characters. */
export function findUsernameFaults(username: string): FieldFault[] {
  const length = [...username].length;
  if (usernameKey(username) === '') return [{ pointer: '/username', message: 'Enter a username.' }];
  if (length > usernameLimit) {
    return [{ pointer: '/username', message: `A username has at most ${usernameLimit} characters.` }];
  }
  if (/\p{Cc}/u.test(username) || !username.isWellFormed()) {
    return [{ pointer: '/username', message: 'A username has no control characters.' }];
  }
  return [];
}

/**
 * The name of a practice, trimmed.
 * @throws ValidationError unless 1 to 200 characters remain
 */
export function parseOrganizationName(name: string): string {
  const trimmed = name.trim();
  const length = [...trimmed].length;
  if (length === 0 || length > organizationNameLimit) {
    throw new ValidationError([
      { pointer: '/organizationName', message: `A practice's name has 1 to ${organizationNameLimit} characters.` },
    ]);
  }
  return trimmed;
}
