import { DomainError } from '@daybook/runtime/errors';

/** What stands where somebody wanted to book. Names and titles only for people who run the book. */
export type Conflict = {
  readonly kind: 'appointment' | 'block' | 'hold';
  /** RFC 3339, UTC. */
  readonly start: string;
  /** RFC 3339, UTC. */
  readonly end: string;
  /** Of the appointment or the block. */
  readonly id?: string;
  /** The customer's name or the block's title. */
  readonly label?: string;
};

/**
 * The time is reserved already.
 * @param nearestStarts up to three free starts, RFC 3339 in UTC, ascending
 */
export function slotTaken(nearestStarts: readonly string[], conflict: Conflict | undefined): DomainError {
  return new DomainError('taken', 'SLOT_TAKEN', 'This time is already taken.', {
    context: { nearestStarts, ...(conflict ? { conflict } : {}) },
  });
}

/** Not within the open hours. */
export function outsideAvailability(): DomainError {
  return new DomainError('refused', 'OUTSIDE_AVAILABILITY', 'This time is outside the working hours.');
}

/** The start has passed. */
export function startInPast(): DomainError {
  return new DomainError('refused', 'START_IN_PAST', 'The start lies in the past.');
}

/** Less notice than the appointment type asks for. */
export function tooShortNotice(minutes: number): DomainError {
  return new DomainError('refused', 'TOO_SHORT_NOTICE', `This must be booked at least ${minutes} minutes ahead.`, {
    context: { minimumNoticeMinutes: minutes },
  });
}

/** Farther ahead than the appointment type allows. */
export function beyondHorizon(days: number): DomainError {
  return new DomainError('refused', 'BEYOND_HORIZON', `This can be booked at most ${days} days ahead.`, {
    context: { horizonDays: days },
  });
}

/** A length that the named type does not have. */
export function durationNotOffered(durationsMinutes: readonly number[]): DomainError {
  return new DomainError('refused', 'DURATION_NOT_OFFERED', 'This length is not offered for this appointment type.', {
    context: { durationsMinutes },
  });
}

/** A customer asked for a start that is not on the list of offered ones. */
export function startNotAligned(): DomainError {
  return new DomainError('refused', 'START_NOT_ALIGNED', 'This start is not one of the offered ones.');
}

/** Completed, missed and cancelled appointments stay as they are. */
export function appointmentNotChangeable(status: string): DomainError {
  return new DomainError('refused', 'APPOINTMENT_NOT_CHANGEABLE', 'Only scheduled appointments can change.', {
    context: { status },
  });
}

/** Somebody else was faster. */
export function versionConflict(currentVersion: number): DomainError {
  return new DomainError('stale', 'VERSION_CONFLICT', 'It was changed in the meantime.', {
    context: { currentVersion },
  });
}

/** Absent, or not the caller's to know. */
export function appointmentNotFound(): DomainError {
  return new DomainError('absent', 'APPOINTMENT_NOT_FOUND', 'There is no such appointment.');
}

/** Absent, or not the caller's to know. */
export function customerNotFound(): DomainError {
  return new DomainError('absent', 'CUSTOMER_NOT_FOUND', 'There is no such customer.');
}

/** Somebody with this e-mail address or phone number is known. */
export function customerExists(customerId: string): DomainError {
  return new DomainError('taken', 'CUSTOMER_EXISTS', 'This customer is known already.', { context: { customerId } });
}

/** Somebody is still expected. */
export function customerHasAppointments(count: number): DomainError {
  const message = 'The customer has appointments to come. Cancel them first.';
  return new DomainError('taken', 'CUSTOMER_HAS_APPOINTMENTS', message, { context: { count } });
}

/** Absent, archived, or not the caller's to know. */
export function appointmentTypeNotFound(): DomainError {
  return new DomainError('absent', 'APPOINTMENT_TYPE_NOT_FOUND', 'There is no such appointment type.');
}

/** Absent, or not the caller's to know. */
export function providerNotFound(): DomainError {
  return new DomainError('absent', 'PROVIDER_NOT_FOUND', 'There is no such provider.');
}

/** Absent, or not the caller's to know. */
export function blockNotFound(): DomainError {
  return new DomainError('absent', 'BLOCK_NOT_FOUND', 'There is no such blocked time.');
}

/** The short name belongs to another type. */
export function slugTaken(slug: string): DomainError {
  return new DomainError('taken', 'SLUG_TAKEN', 'Another appointment type has this short name.', { context: { slug } });
}

/** The type that stands in when only a length is given cannot go. */
export function defaultTypeRequired(): DomainError {
  return new DomainError('refused', 'DEFAULT_TYPE_REQUIRED', 'The default appointment type cannot be archived.');
}

/** A role without the right. */
export function notPermitted(): DomainError {
  return new DomainError('forbidden', 'NOT_PERMITTED', 'You are not permitted to do this.');
}

/** More days than one answer may cover. */
export function rangeTooLong(days: number): DomainError {
  return new DomainError('invalid', 'RANGE_TOO_LONG', `A range spans at most ${days} days.`, { context: { days } });
}

/** The key belongs to a request with other content. */
export function idempotencyKeyReused(): DomainError {
  return new DomainError('refused', 'IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used for another request.');
}

/** The first request with this key has not been answered yet. */
export function idempotencyKeyInFlight(): DomainError {
  return new DomainError('taken', 'IDEMPOTENCY_KEY_IN_FLIGHT', 'The same request is still being worked on.');
}

/** Rules or rows changed again and again between reading and writing. */
export function databaseBusy(): DomainError {
  return new DomainError('unavailable', 'DATABASE_BUSY', 'The book is being changed by many at once. Try again.');
}
