import { type FieldFault, ValidationError } from '@daybook/runtime/errors';
import { type AppointmentType, longestMinutes, shortestMinutes } from './appointment-type.ts';
import { type AvailabilityRules, isWithinHours } from './availability.ts';
import type { Customer } from './customer.ts';
import {
  appointmentNotChangeable,
  beyondHorizon,
  durationNotOffered,
  outsideAvailability,
  startInPast,
  tooShortNotice,
  versionConflict,
} from './errors.ts';
import type { Interval } from './interval.ts';
import { DAY, MINUTE } from './zone-offsets.ts';

/** Where an appointment stands. */
export type AppointmentStatus = 'scheduled' | 'completed' | 'no_show' | 'cancelled';

/** A customer's claim on a provider's time. All instants are epoch milliseconds. */
export type Appointment = {
  readonly id: string;
  readonly organizationId: string;
  readonly providerId: string;
  readonly type: AppointmentType;
  readonly customer: Customer;
  readonly start: number;
  readonly end: number;
  readonly status: AppointmentStatus;
  readonly notes: string;
  readonly arrivedAt: number | undefined;
  readonly cancellationReason: string;
  /** Booked against a rule by the owner's decision. */
  readonly override: boolean;
  /** Rises by one with each change. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What happened to an appointment, with its whole new state. */
export type AppointmentFact =
  | { readonly kind: 'booked'; readonly appointment: Appointment }
  | {
      readonly kind: 'rescheduled';
      readonly appointment: Appointment;
      readonly previous: Interval;
      readonly reason: string;
    }
  | { readonly kind: 'changed'; readonly appointment: Appointment }
  | { readonly kind: 'cancelled'; readonly appointment: Appointment; readonly reason: string };

/** The words of the history. */
export type HistoryAction =
  'booked' | 'rescheduled' | 'changed' | 'cancelled' | 'restored' | 'completed' | 'no_show' | 'arrived' | 'expected';

/** One line of an appointment's history. Instants in epoch milliseconds. */
export type HistoryEntry = {
  readonly version: number;
  readonly action: HistoryAction;
  readonly at: number;
  /** UUID of the user, or `service:<name>`. */
  readonly actor: string;
  readonly reason: string;
  readonly start: number;
  readonly end: number;
  readonly status: AppointmentStatus;
  readonly override: boolean;
};

/** What a time is judged by. */
export type TimeRules = {
  readonly type: AppointmentType;
  readonly availability: AvailabilityRules;
  /** The owner's decision to set hours, notice, horizon and buffers aside. */
  readonly override: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
};

/** Nobody means a start farther ahead than this, override or not; it keeps absurd input out of calendars. */
const farthestDays = 3_660;

/**
 * Refuses a length that cannot be.
 * @throws ValidationError for anything but 5 to 1,440 whole minutes
 */
export function checkDuration(minutes: number): void {
  if (!Number.isInteger(minutes) || minutes < shortestMinutes || minutes > longestMinutes) {
    const message = `Give whole minutes from ${shortestMinutes} to ${longestMinutes}.`;
    throw new ValidationError([{ pointer: '/durationMinutes', message }]);
  }
}

/**
 * The length meant by a request.
 * @param asked minutes, 0 for the type's first length
 * @param named whether the type was named, so that its list of lengths binds
 * @throws ValidationError, DomainError DURATION_NOT_OFFERED
 */
export function chooseDuration(type: AppointmentType, asked: number, named: boolean, override: boolean): number {
  if (asked === 0) return type.durationsMinutes[0] ?? shortestMinutes;
  checkDuration(asked);
  if (named && !override && !type.durationsMinutes.includes(asked)) throw durationNotOffered(type.durationsMinutes);
  return asked;
}

/**
 * Refuses a time that the rules forbid. The past is forbidden to everybody; the rest the owner may override.
 * @param during epoch milliseconds
 * @throws DomainError START_IN_PAST, TOO_SHORT_NOTICE, BEYOND_HORIZON, OUTSIDE_AVAILABILITY; ValidationError
 */
export function checkTime(during: Interval, rules: TimeRules): void {
  const { type, now } = rules;
  if (during.start <= now) throw startInPast();
  if (during.start > now + farthestDays * DAY) {
    throw new ValidationError([{ pointer: '/start', message: 'The start lies more than ten years ahead.' }]);
  }
  if (rules.override) return;
  if (during.start < now + type.minimumNoticeMinutes * MINUTE) throw tooShortNotice(type.minimumNoticeMinutes);
  if (during.start > now + type.horizonDays * DAY) throw beyondHorizon(type.horizonDays);
  if (!isWithinHours(rules.availability, during)) throw outsideAvailability();
}

/** The time a claim keeps others out of: with the type's buffers, or bare when the owner overrides. */
export function occupiedTime(during: Interval, type: AppointmentType, override: boolean): Interval {
  if (override) return during;
  return {
    start: during.start - type.bufferBeforeMinutes * MINUTE,
    end: during.end + type.bufferAfterMinutes * MINUTE,
  };
}

/** What is needed to book. */
export type Booking = {
  readonly id: string;
  readonly organizationId: string;
  readonly providerId: string;
  readonly type: AppointmentType;
  readonly customer: Customer;
  readonly during: Interval;
  readonly notes: string;
  readonly override: boolean;
  readonly now: number;
};

/** A new appointment. The time must have passed `checkTime`. */
export function book(booking: Booking): AppointmentFact & { kind: 'booked' } {
  const { during, now, ...rest } = booking;
  const appointment: Appointment = {
    ...rest,
    start: during.start,
    end: during.end,
    status: 'scheduled',
    arrivedAt: undefined,
    cancellationReason: '',
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  return { kind: 'booked', appointment };
}

/** What may change on an appointment; absent fields stay. */
export type Changes = {
  readonly start?: number;
  readonly durationMinutes?: number;
  readonly customer?: Customer;
  readonly notes?: string;
  /** Why it moves; empty when not said. */
  readonly reason?: string;
};

/**
 * Changes time, length, customer or notes. Customer and length stay when only the start is given.
 * @returns undefined when nothing would differ
 * @throws DomainError VERSION_CONFLICT, APPOINTMENT_NOT_CHANGEABLE and what `checkTime` throws when the time differs
 */
export function change(
  current: Appointment,
  changes: Changes,
  expectedVersion: number,
  rules: Omit<TimeRules, 'type'>,
): AppointmentFact | undefined {
  requireVersion(current, expectedVersion);
  if (current.status !== 'scheduled') throw appointmentNotChangeable(current.status);
  const start = changes.start ?? current.start;
  const end = start + (changes.durationMinutes ?? (current.end - current.start) / MINUTE) * MINUTE;
  const timeDiffers = start !== current.start || end !== current.end;
  const customer = changes.customer ?? current.customer;
  const notes = changes.notes ?? current.notes;
  if (!timeDiffers && sameCustomer(customer, current.customer) && notes === current.notes) return undefined;
  if (timeDiffers) checkNewTime(current, { start, end }, rules);
  const appointment: Appointment = {
    ...current,
    start,
    end,
    customer,
    notes,
    override: timeDiffers ? rules.override : current.override,
    version: current.version + 1,
    updatedAt: rules.now,
  };
  if (start === current.start) return { kind: 'changed', appointment };
  const previous = { start: current.start, end: current.end };
  return { kind: 'rescheduled', appointment, previous, reason: changes.reason ?? '' };
}

/** A longer or shorter appointment may already have begun; only a new start must lie ahead. */
function checkNewTime(current: Appointment, during: Interval, rules: Omit<TimeRules, 'type'>): void {
  if (during.start === current.start) {
    if (!rules.override && !isWithinHours(rules.availability, during)) throw outsideAvailability();
  } else checkTime(during, { ...rules, type: current.type });
}

function sameCustomer(a: Customer, b: Customer): boolean {
  return a.id === b.id && a.version === b.version;
}

/**
 * Calls off.
 * @returns undefined when it is cancelled already: a repeat changes nothing, whatever version it names
 * @throws DomainError VERSION_CONFLICT, APPOINTMENT_NOT_CHANGEABLE (completed or no-show)
 */
export function cancel(
  current: Appointment,
  request: { readonly reason: string; readonly expectedVersion: number; readonly now: number },
): (AppointmentFact & { kind: 'cancelled' }) | undefined {
  if (current.status === 'cancelled') return undefined;
  requireVersion(current, request.expectedVersion);
  if (current.status !== 'scheduled') throw appointmentNotChangeable(current.status);
  const appointment: Appointment = {
    ...current,
    status: 'cancelled',
    cancellationReason: request.reason,
    version: current.version + 1,
    updatedAt: request.now,
  };
  return { kind: 'cancelled', appointment, reason: request.reason };
}

/** @throws DomainError VERSION_CONFLICT; 0 asks for no check */
export function requireVersion(current: { readonly version: number }, expectedVersion: number): void {
  if (expectedVersion !== 0 && expectedVersion !== current.version) throw versionConflict(current.version);
}

/** Refuses texts that are too long or hold NUL, which PostgreSQL cannot store. */
export function checkText(text: string, most: number, pointer: string): void {
  const faults: FieldFault[] = [];
  if (text.length > most) faults.push({ pointer, message: `Give at most ${most} characters.` });
  if (text.includes('\u0000')) faults.push({ pointer, message: 'Remove the NUL character.' });
  if (faults.length > 0) throw new ValidationError(faults);
}
