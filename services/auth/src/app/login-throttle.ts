import { DomainError } from '@daybook/runtime/errors';
import type { Clock } from '@daybook/runtime/clock';
import type { Logger } from '@daybook/runtime/logger';
import type { Database, Tx } from '@daybook/runtime/postgres';
import {
  forgiveAccountAtAddress,
  giveTurn,
  readThrottleCounters,
  recordFailedAttempt,
} from '../db/throttle-counters.ts';
import type { ThrottleKeys } from '../db/throttle-counters.ts';
import { usernameKey } from '../domain/account.ts';
import { pseudonymize } from './key-material.ts';
import { judgeAttempt, type ThrottleVerdict } from '../domain/throttle.ts';
import { throttleAddress } from './throttle-address.ts';
import { reportSecurityEvent } from './security-events.ts';

/** One sign-in attempt as the throttle sees it: keyed hashes only. */
export type CountedAttempt = { keys: ThrottleKeys; accountHash: string; addressHash: string };

/** What the throttle needs. */
export type ThrottleDeps = { database: Database; clock: Clock; logger: Logger; pseudonymKey: Buffer };

/** Names the counters of an attempt. They depend on what was typed, not on whether such an account exists. */
export function countedAttempt(pseudonymKey: Buffer, username: string, clientAddress: string): CountedAttempt {
  const account = usernameKey(username);
  const address = throttleAddress(clientAddress);
  const keys: ThrottleKeys = {
    account_address: pseudonymize(pseudonymKey, 'account_address', account, address),
    address: pseudonymize(pseudonymKey, 'address', address),
    global: pseudonymize(pseudonymKey, 'global'),
  };
  const short = (key: Buffer) => key.toString('hex').slice(0, 16);
  return { keys, accountHash: short(pseudonymize(pseudonymKey, 'account', account)), addressHash: short(keys.address) };
}

/**
 * Names the counters of a signed-in person's attempt to change their password. They are apart from those of any address,
 * so that guessing with a stolen session holds up no sign-in.
 */
export function countedChange(pseudonymKey: Buffer, username: string): CountedAttempt {
  const account = usernameKey(username);
  const keys: ThrottleKeys = {
    account_address: pseudonymize(pseudonymKey, 'account_address', account, 'password-change'),
    address: pseudonymize(pseudonymKey, 'address', 'password-change', account),
    global: pseudonymize(pseudonymKey, 'global'),
  };
  const short = (key: Buffer) => key.toString('hex').slice(0, 16);
  return { keys, accountHash: short(pseudonymize(pseudonymKey, 'account', account)), addressHash: short(keys.address) };
}

/**
 * Names the counters of a code of the second factor beside a password that was right. Here there is a counter by account
 * alone, since a code can be guessed from many addresses; strangers cannot fill it, because they come no further than the
 * password. The address counts as it did for the password.
 */
export function countedCode(pseudonymKey: Buffer, username: string, withPassword: CountedAttempt): CountedAttempt {
  const account = usernameKey(username);
  return {
    ...withPassword,
    keys: { ...withPassword.keys, account_address: pseudonymize(pseudonymKey, 'second-factor', account) },
  };
}

/**
 * Lets an attempt pass or refuses it.
 * @throws DomainError throttled TOO_MANY_ATTEMPTS with retryAfterSeconds
 */
export async function admitAttempt(deps: ThrottleDeps, attempt: CountedAttempt): Promise<void> {
  const verdict = await judgeAttemptOn(deps.database, deps, attempt);
  if (!verdict.allowed) throw await refuseAttempt(deps, attempt, verdict);
}

/** Whether an attempt may be made now, also within a transaction. */
export async function judgeAttemptOn(
  on: Database | Tx,
  deps: ThrottleDeps,
  attempt: CountedAttempt,
): Promise<ThrottleVerdict> {
  return judgeAttempt(await readThrottleCounters(on, attempt.keys), deps.clock.now());
}

/** Gives the address its turn, says so in the log, and answers the refusal: TOO_MANY_ATTEMPTS with retryAfterSeconds. */
export async function refuseAttempt(
  deps: ThrottleDeps,
  attempt: CountedAttempt,
  { retryAfterSeconds, ticket }: Exclude<ThrottleVerdict, { allowed: true }>,
): Promise<DomainError> {
  if (ticket) await giveTurn(deps.database, attempt.keys.address, ticket, deps.clock.now());
  const { accountHash, addressHash } = attempt;
  reportSecurityEvent(deps.logger, { event: 'login_throttled', accountHash, addressHash, retryAfterSeconds });
  return new DomainError(
    'throttled',
    'TOO_MANY_ATTEMPTS',
    'Too many attempts to sign in. Wait a moment and try again.',
    {
      context: { retryAfterSeconds },
    },
  );
}

/** Counts a failed attempt. */
export async function countFailedAttempt(deps: ThrottleDeps, attempt: CountedAttempt): Promise<void> {
  const after = await recordFailedAttempt(deps.database, attempt.keys, deps.clock.now());
  const { accountHash, addressHash } = attempt;
  const { failures } = after.account_address;
  reportSecurityEvent(deps.logger, { event: 'login_failed', accountHash, addressHash, failures });
}

/** Forgets the failures of this account at this address. The address's own count stays: it may be guessing others. */
export async function forgiveAttempt(deps: ThrottleDeps, attempt: CountedAttempt): Promise<void> {
  await forgiveAccountAtAddress(deps.database, attempt.keys.account_address);
}
