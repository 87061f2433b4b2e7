import type { Profile } from '../engine/types.ts';
import type { ApiFailure } from './errors.ts';
import { nestFailure, validationFailure } from './errors.ts';
import { isRecord } from './validation.ts';

/** The resources that have their own version constants. */
export type Resource = 'bookings' | 'schedules' | 'eventTypes' | 'slots' | 'any';

const BASELINE: Record<Exclude<Resource, 'any'>, string[]> = {
  bookings: ['2024-08-13'],
  schedules: ['2024-06-11', '2024-06-14'],
  eventTypes: ['2024-06-14'],
  slots: ['2024-09-04'],
};

/** Whether a version header (exact match, no ordering) selects the current handler of an operation. */
export function selectsCurrent(resource: Resource, operation: string, version: string, profile: Profile): boolean {
  if (resource === 'any') return true;
  if (BASELINE[resource].includes(version)) return true;
  if (profile !== 'hosted' || resource !== 'bookings') return false;
  return operation === 'listBookings' ? version === '2026-05-01' || version === '2026-02-25' : version === '2026-02-25';
}

const WITHOUT_LEGACY = new Set([
  'getSlots',
  'reserveSlot',
  'getReservation',
  'updateReservation',
  'deleteReservation',
  'rescheduleBooking',
  'confirmBooking',
  'declineBooking',
  'markAbsent',
]);

/** The framework's answer to a path or method that has no handler in the selected version. */
export function cannotFailure(method: string, url: string): ApiFailure {
  return nestFailure(404, `Cannot ${method} ${url}`);
}

const LEGACY_CREATE = {
  start: 'string',
  eventTypeId: 'number',
  timeZone: 'string',
  language: 'string',
  metadata: 'object',
};

/** Refusals of the 2024-04-15 handlers; nothing is thrown where they would have answered in an older shape. */
export function refuseLegacy(operation: string, method: string, url: string): void {
  if (WITHOUT_LEGACY.has(operation)) throw cannotFailure(method, url);
  if (operation !== 'createBooking') return;
  const errors = Object.entries(LEGACY_CREATE).map(([property, type]) => ({
    property,
    children: [],
    constraints: { isType: `${property} must be of type ${type} as the 2024-04-15 body has it` },
  }));
  throw validationFailure(errors);
}

function legacyBooking(booking: Record<string, unknown>): Record<string, unknown> {
  const { id, uid, title, description, start, end, status, attendees, metadata, eventType } = booking;
  return {
    id,
    uid,
    title,
    description,
    startTime: start,
    endTime: end,
    status: String(status).toUpperCase(),
    attendees,
    metadata,
    eventType,
  };
}

function legacySchedule(schedule: Record<string, unknown>): Record<string, unknown> {
  const { id, name, timeZone, isDefault, availability, overrides } = schedule;
  return { id, name, timeZone, isDefault, isManaged: false, workingHours: availability, dateOverrides: overrides };
}

/** The body of the current handler bent into the older shape, roughly: enough to notice a wrong version. */
export function toLegacyShape(
  resource: Resource,
  operation: string,
  body: Record<string, unknown>,
): Record<string, unknown> {
  const { data } = body;
  if (operation === 'listEventTypes') {
    return { status: 'success', data: { eventTypeGroups: [{ eventTypes: data }], profiles: [] } };
  }
  if (operation === 'listBookings') {
    const bookings = (data as Record<string, unknown>[]).map(legacyBooking);
    return { status: 'success', data: { bookings, recurringInfo: [], nextCursor: null } };
  }
  const bend = resource === 'bookings' ? legacyBooking : resource === 'schedules' ? legacySchedule : null;
  if (bend === null) return isRecord(data) ? { status: 'success', data: { eventType: data } } : body;
  if (Array.isArray(data)) return { status: 'success', data: (data as Record<string, unknown>[]).map(bend) };
  return isRecord(data) ? { status: 'success', data: bend(data) } : body;
}
