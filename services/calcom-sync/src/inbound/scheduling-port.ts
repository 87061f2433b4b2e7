import type { Appointment__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import type { ApplyExternalChangeRequest } from '@daybook/protos/gen/daybook/scheduling/v1/ApplyExternalChangeRequest';
import { findDomainError } from '@daybook/runtime/errors';

/**
 * Asks scheduling to apply what happened there, once per key; answers with the appointment as it is.
 * @throws DomainError as scheduling raised it, UPSTREAM_UNAVAILABLE or UPSTREAM_TIMEOUT
 */
export type ApplyExternalChange = (request: ApplyExternalChangeRequest) => Promise<Appointment__Output>;

/** Thrown when scheduling gave no decision: the same is asked again later. */
export class SchedulingAwayError extends Error {
  constructor(cause: unknown) {
    super('scheduling gave no decision about a change made in the outside calendar', { cause });
    this.name = 'SchedulingAwayError';
  }
}

/** The code of scheduling's decision against a change. @throws SchedulingAwayError when there was none. */
export function refusalOf(error: unknown): string {
  const domain = findDomainError(error);
  const undecided = new Set(['unavailable', 'timeout', 'throttled', 'bug', 'unauthenticated', 'forbidden']);
  if (!domain || undecided.has(domain.kind)) throw new SchedulingAwayError(error);
  return domain.code;
}
