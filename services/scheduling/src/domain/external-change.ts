import { type Appointment, type AppointmentFact, cancel, type HistoryAction, requireVersion } from './appointment.ts';
import { type Attendance, recordAttendance } from './attendance.ts';
import { type Customer, type CustomerDetails, hasControlCharacters } from './customer.ts';
import { normalizeEmail, normalizePhone } from './customer-matching.ts';
import { appointmentNotChangeable } from './errors.ts';
import type { Interval } from './interval.ts';
import { isTimeZone, MINUTE } from './zone-offsets.ts';

/** What an outside calendar did to one of our appointments. Instants in epoch milliseconds; version 0: no check. */
export type ExternalChange =
  | {
      readonly kind: 'moved';
      readonly start: number;
      readonly durationMinutes: number;
      readonly reason: string;
      readonly expectedVersion: number;
    }
  | { readonly kind: 'cancelled'; readonly reason: string; readonly expectedVersion: number }
  | { readonly kind: 'attendance'; readonly attendance: 'no_show' | 'expected' }
  | { readonly kind: 'people'; readonly before: string; readonly now: string };

/** What became of it here, with the word and the reason for the history. */
export type AppliedChange = {
  readonly fact: AppointmentFact;
  readonly action: HistoryAction;
  readonly reason: string;
};

const longestReason = 500;
const longestNotes = 5_000;
const longestLine = 1_000;

/**
 * Applies an outside change to the appointment. Rules, each stated once:
 * - what is completed, missed or cancelled here stays so, whatever the outside calendar moves or cancels;
 * - a later change of ours wins over a move or cancellation that did not know of it;
 * - an outside no-show counts while the appointment is scheduled here; taking it back counts only while it is a no-show;
 * - who else comes is one line of the notes, exchanged for the one before it; the rest of the notes is ours;
 * - no rule of hours, notice, horizon or past is asked: it has happened there.
 * @param current the appointment as it stands, under the provider's lock
 * @returns undefined when it stands so already
 * @throws DomainError APPOINTMENT_NOT_CHANGEABLE, VERSION_CONFLICT
 */
export function applyExternalChange(
  current: Appointment,
  change: ExternalChange,
  now: number,
): AppliedChange | undefined {
  switch (change.kind) {
    case 'moved':
      return move(current, change, now);
    case 'cancelled': {
      const reason = cutText(change.reason, longestReason);
      const fact = cancel(current, { reason, expectedVersion: change.expectedVersion, now });
      return fact && { fact, action: 'cancelled', reason };
    }
    case 'attendance':
      return markAttendance(current, change.attendance, now);
    case 'people':
      return notePeople(current, change, now);
  }
}

function move(
  current: Appointment,
  change: ExternalChange & { kind: 'moved' },
  now: number,
): AppliedChange | undefined {
  if (current.status !== 'scheduled') throw appointmentNotChangeable(current.status);
  const { start } = change;
  const end = start + change.durationMinutes * MINUTE;
  if (start === current.start && end === current.end) return undefined;
  requireVersion(current, change.expectedVersion);
  const appointment: Appointment = { ...current, start, end, version: current.version + 1, updatedAt: now };
  if (start === current.start) return { fact: { kind: 'changed', appointment }, action: 'changed', reason: '' };
  const reason = cutText(change.reason, longestReason);
  const previous = { start: current.start, end: current.end };
  return { fact: { kind: 'rescheduled', appointment, previous, reason }, action: 'rescheduled', reason };
}

function markAttendance(current: Appointment, attendance: Attendance, now: number): AppliedChange | undefined {
  if (current.status === 'cancelled') throw appointmentNotChangeable(current.status);
  if (attendance === 'expected' && current.status !== 'no_show') return undefined;
  if (attendance === 'no_show' && current.status === 'completed') throw appointmentNotChangeable(current.status);
  const fact = recordAttendance(current, attendance, { expectedVersion: 0, now });
  return fact && { fact, action: attendance, reason: '' };
}

/** Nobody reads who was to come once it is over or called off. */
function notePeople(
  current: Appointment,
  change: ExternalChange & { kind: 'people' },
  now: number,
): AppliedChange | undefined {
  if (current.status !== 'scheduled') return undefined;
  const notes = exchangeLine(current.notes, oneLine(change.before), oneLine(change.now));
  if (notes === current.notes) return undefined;
  const appointment: Appointment = { ...current, notes, version: current.version + 1, updatedAt: now };
  return { fact: { kind: 'changed', appointment }, action: 'changed', reason: '' };
}

/** The notes with one line in the place of another, at their end when that is not there; notes too long stay as they are. */
function exchangeLine(notes: string, before: string, now: string): string {
  const lines = notes.split('\n');
  if (now !== '' && lines.includes(now)) return notes;
  const at = before === '' ? -1 : lines.indexOf(before);
  if (at < 0 && now === '') return notes;
  const next = at < 0 ? [notes, now].filter((part) => part !== '').join('\n\n') : lines.with(at, now).join('\n').trim();
  return next.length <= longestNotes ? next : notes;
}

function oneLine(text: string): string {
  return cutText(withoutControlCharacters(text), longestLine);
}

/**
 * What an outside booking says of its customer, made storable: the booking stands already, so what cannot be read is left
 * out instead of refused.
 * @param country ISO 3166 alpha-2, in which national phone numbers are read
 */
export function readExternalCustomer(given: CustomerDetails, country: string): CustomerDetails {
  const email = hasControlCharacters(given.email) ? '' : (normalizeEmail(given.email) ?? '');
  const name = cutText(withoutControlCharacters(given.name), 200);
  return {
    name: name === '' ? (email.split('@')[0] ?? '').slice(0, 200) || 'Guest' : name,
    email,
    phone: normalizePhone(given.phone, country) ?? '',
    timeZone: isTimeZone(given.timeZone) ? given.timeZone : '',
  };
}

/**
 * A known customer with what an outside booking adds. Anybody can type anything on a booking page, so only what was
 * unknown is filled in; what the practice knows stays.
 */
export function fillCustomer(known: Customer, given: CustomerDetails): Customer {
  const email = known.email === '' ? given.email : known.email;
  const phone = known.phone === '' ? given.phone : known.phone;
  const timeZone = known.timeZone === '' ? given.timeZone : known.timeZone;
  const same = email === known.email && phone === known.phone && timeZone === known.timeZone;
  return same ? known : { ...known, email, phone, timeZone, version: known.version + 1 };
}

/** Notes of an outside booking, cut to what fits. */
export function readExternalNotes(notes: string): string {
  return cutText(notes, longestNotes);
}

/** What an outside booking claims: its buffers too when nothing stands in them, else the bare time. */
export function claimAround(during: Interval, wanted: Interval, busy: readonly Interval[]): Interval {
  const isFree = busy.every((stretch) => stretch.end <= wanted.start || stretch.start >= wanted.end);
  return isFree ? wanted : during;
}

function cutText(text: string, most: number): string {
  const cut = text.replaceAll('\u0000', '').trim();
  if (cut.length <= most) return cut;
  // Half of a surrogate pair cannot be stored.
  return cut.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}

function withoutControlCharacters(text: string): string {
  return hasControlCharacters(text) ? [...text].map((c) => (hasControlCharacters(c) ? ' ' : c)).join('') : text;
}
