import type { FieldFault, Problem } from '@daybook/http-contract/common';
import type { ProblemCode } from '@daybook/http-contract/problems';
import type { TFunction } from 'i18next';

/** The gateway refused or failed; `problem` is its answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** No answer came: the network or the gateway is away. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The code of a refused request, or undefined for any other error. */
export function problemCode(error: unknown): ProblemCode | undefined {
  return error instanceof ProblemError ? error.problem.code : undefined;
}

/** Whether an error is one of these problems. */
export function isProblem(error: unknown, ...codes: ProblemCode[]): error is ProblemError {
  const code = problemCode(error);
  return code !== undefined && codes.includes(code);
}

/** Whether the owner may go ahead against the refused rule by sending `override: true`. */
export function canOverride(error: unknown): error is ProblemError {
  return isProblem(error, 'OUTSIDE_AVAILABILITY', 'TOO_SHORT_NOTICE', 'BEYOND_HORIZON');
}

/** An error in words a person can act on. Never the text of an exception. */
export function describeError(error: unknown, t: TFunction): string {
  if (error instanceof UnreachableError) return t('errors.unreachable');
  if (!(error instanceof ProblemError)) return t('errors.unexpected');
  const { problem } = error;
  const words = t(`problems.${problem.code}`, { defaultValue: problem.title });
  const faults =
    problem.code === 'VALIDATION_FAILED' ? problem.errors?.map((fault) => fault.message).join('; ') : undefined;
  const trace =
    problem.code === 'INTERNAL' && problem.traceId !== undefined ? t('errors.trace', { id: problem.traceId }) : '';
  return [words, faults, trace].filter((part) => part !== undefined && part !== '').join(' ');
}

/** Faults by JSON pointer, to stand beside their fields. */
export function faultsByPointer(error: unknown): ReadonlyMap<string, string> {
  const faults: FieldFault[] = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return new Map(faults.map((fault) => [fault.pointer, fault.message]));
}
