import { DomainError, ValidationError } from '@daybook/runtime/errors';
import { withTransaction, type Tx } from '@daybook/runtime/postgres';
import {
  lockSecondFactor,
  replaceSealedSecret,
  takeRecoveryCode,
  takeStep,
  type StoredSecondFactor,
} from '../db/second-factors.ts';
import { recordFailureIn } from '../db/throttle-counters.ts';
import { findCodeFaults, parseCode, stepAt, type TypedCode } from '../domain/second-factor.ts';
import type { ThrottleVerdict } from '../domain/throttle.ts';
import { seal, unsealByAny, type SealingKeys } from './key-material.ts';
import { countedCode, forgiveAttempt, judgeAttemptOn, refuseAttempt } from './login-throttle.ts';
import type { CountedAttempt, ThrottleDeps } from './login-throttle.ts';
import { findStep, hashRecoveryCode } from './one-time-codes.ts';
import { reportSecurityEvent } from './security-events.ts';

/** What judging a code needs. */
export type SpendCodeDeps = ThrottleDeps & { secondFactorKeys: SealingKeys };

/** Whose code it is, what was typed, and how it is counted beside the password. */
export type CodeTry = { account: { id: string; username: string }; code: string; attempt: CountedAttempt };

type Verdict<T> =
  | { is: 'taken'; result: T; recoveryCodesLeft?: number | undefined }
  | { is: 'wrong'; failures: number }
  | { is: 'throttled'; verdict: Exclude<ThrottleVerdict, { allowed: true }> };

/** The refusal of a code that does not count: wrong, used before, or of another time. */
export function refusedCode(): DomainError {
  return new DomainError(
    'unauthenticated',
    'SECOND_FACTOR_WRONG',
    'The code does not count. Type the one the app shows now; each counts once.',
  );
}

/**
 * Takes a code of an account's second factor and does what it was asked for, both or neither. Codes of one account are judged one
 * after the other, on every replica, so that of many tries with one code exactly one is taken and none slips past the throttle.
 * @param check refuses a factor that is not in the state this needs, before anything is counted
 * @throws ValidationError; DomainError SECOND_FACTOR_WRONG, TOO_MANY_ATTEMPTS, and what `check` and `act` throw
 */
export async function spendCode<T>(
  deps: SpendCodeDeps,
  { account, code, attempt }: CodeTry,
  check: (factor: StoredSecondFactor | undefined) => StoredSecondFactor,
  act: (tx: Tx, factor: StoredSecondFactor) => Promise<T>,
): Promise<T> {
  const faults = findCodeFaults(code);
  if (faults.length > 0) throw new ValidationError(faults);
  const typed = parseCode(code);
  const counted = countedCode(deps.pseudonymKey, account.username, attempt);
  const outcome = await withTransaction(deps.database, async (tx): Promise<Verdict<T>> => {
    const factor = check(await lockSecondFactor(tx, account.id));
    const verdict = await judgeAttemptOn(tx, deps, counted);
    if (!verdict.allowed) return { is: 'throttled', verdict };
    const taken = typed && (await take(deps, tx, account.id, factor, typed));
    if (taken) return { is: 'taken', result: await act(tx, factor), ...taken };
    const after = await recordFailureIn(tx, counted.keys, deps.clock.now());
    return { is: 'wrong', failures: after.account_address.failures };
  });
  if (outcome.is === 'throttled') throw await refuseAttempt(deps, counted, outcome.verdict);
  const userId = account.id;
  if (outcome.is === 'wrong') {
    const { failures } = outcome;
    const { addressHash } = attempt;
    reportSecurityEvent(deps.logger, { event: 'second_factor_failed', userId, addressHash, failures });
    throw refusedCode();
  }
  await forgiveAttempt(deps, counted);
  const left = outcome.recoveryCodesLeft;
  if (left !== undefined) reportSecurityEvent(deps.logger, { event: 'recovery_code_used', userId, left });
  return outcome.result;
}

/** Uses the code up; undefined when it does not count. */
async function take(
  deps: SpendCodeDeps,
  tx: Tx,
  userId: string,
  factor: StoredSecondFactor,
  typed: TypedCode,
): Promise<{ recoveryCodesLeft?: number } | undefined> {
  if (typed.kind === 'recovery') {
    const recoveryCodesLeft = await takeRecoveryCode(tx, factor.id, hashRecoveryCode(factor.id, typed.code));
    return recoveryCodesLeft === undefined ? undefined : { recoveryCodesLeft };
  }
  const secret = await openSecret(deps, tx, userId, factor);
  const step = secret && findStep(secret, typed.digits, stepAt(factor.databaseNow));
  return step !== undefined && (await takeStep(tx, factor.id, step)) ? {} : undefined;
}

/** The secret, sealed anew where it rests under an earlier key; undefined when no key opens it, and then recovery codes count still. */
async function openSecret(
  deps: SpendCodeDeps,
  tx: Tx,
  userId: string,
  factor: StoredSecondFactor,
): Promise<Buffer | undefined> {
  let opened: ReturnType<typeof unsealByAny>;
  try {
    opened = unsealByAny(factor.secretSealed, factor.id, deps.secondFactorKeys);
  } catch {
    reportSecurityEvent(deps.logger, { event: 'second_factor_unreadable', userId });
    return undefined;
  }
  const { secret, openedBy } = opened;
  if (openedBy > 0) await replaceSealedSecret(tx, factor, seal(secret, factor.id, deps.secondFactorKeys[0]));
  return secret;
}
