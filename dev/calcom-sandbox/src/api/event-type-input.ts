import type { BookingField, EventLocation, EventType } from '../engine/types.ts';
import { nestFailure, validationFailure } from '../http/errors.ts';
import {
  anyObject,
  bool,
  filledText,
  findProblems,
  integer,
  isRecord,
  listOf,
  objectOf,
  oneOf,
  optional,
  text,
} from '../http/validation.ts';
import type { Rule, Shape } from '../http/validation.ts';

const LOCATION_NEEDS: Record<string, string | null> = {
  address: 'address',
  link: 'link',
  phone: 'phone',
  integration: 'integration',
  attendeeAddress: null,
  attendeePhone: null,
  attendeeDefined: null,
  organizersDefaultApp: null,
};

const location: Rule = (value, property) => {
  const known = objectOf({ type: oneOf(Object.keys(LOCATION_NEEDS)) }, false)(value, property);
  if (known !== undefined || !isRecord(value)) return known;
  const needed = LOCATION_NEEDS[String(value['type'])];
  return typeof needed === 'string' ? objectOf({ [needed]: filledText }, false)(value, property) : undefined;
};

const lengthOptions: Rule = (value, property) => {
  const wrong = listOf(integer(1))(value, property);
  if (wrong !== undefined || !Array.isArray(value)) return wrong;
  if (new Set(value).size === value.length) return undefined;
  return { property, children: [], constraints: { arrayUnique: `All ${property}'s elements must be unique` } };
};

const durationLimits: Rule = (value, property) => {
  if (!isRecord(value)) return anyObject(value, property);
  const wrong = Object.values(value).some((minutes) => typeof minutes === 'number' && minutes % 15 !== 0);
  if (!wrong) return undefined;
  return { property, children: [], constraints: { limits: `${property} must be given in multiples of 15 minutes` } };
};

const SETTINGS: Shape = {
  lengthInMinutesOptions: optional(lengthOptions),
  description: optional(text),
  scheduleId: optional(integer(1)),
  hidden: optional(bool),
  disableGuests: optional(bool),
  minimumBookingNotice: optional(integer(0)),
  beforeEventBuffer: optional(integer(0)),
  afterEventBuffer: optional(integer(0)),
  slotInterval: optional(integer(1)),
  offsetStart: optional(integer(0)),
  bookingLimitsCount: optional(anyObject),
  bookingLimitsDuration: optional(durationLimits),
  bookingWindow: optional(anyObject),
  confirmationPolicy: optional(anyObject),
  seats: optional(anyObject),
  recurrence: optional(anyObject),
  locations: optional(listOf(location)),
  bookingFields: optional(listOf(objectOf({ type: text }, false))),
  bookingRequiresAuthentication: optional(bool),
  disableCancelling: optional(anyObject),
  disableRescheduling: optional(anyObject),
  allowReschedulingPastBookings: optional(bool),
  bookerActiveBookingsLimit: optional(anyObject),
};
const CREATE: Shape = { lengthInMinutes: integer(1), title: filledText, slug: filledText, ...SETTINGS };
const UPDATE: Shape = {
  lengthInMinutes: optional(integer(1)),
  title: optional(filledText),
  slug: optional(filledText),
  ...SETTINGS,
};

/** Settings that are kept and echoed without any effect in the sandbox. */
const ECHOED = [
  'customName',
  'successRedirectUrl',
  'lockTimeZoneToggleOnBookingPage',
  'requiresBookerEmailVerification',
  'onlyShowFirstAvailableSlot',
  'allowReschedulingCancelledBookings',
  'showOptimizedSlots',
  'hideCalendarNotes',
  'hideCalendarEventDetails',
  'hideOrganizerEmail',
  'color',
  'bookerLayouts',
  'destinationCalendar',
  'interfaceLanguage',
  'calVideoSettings',
];

/** A slug as the server stores it: lower case, dashes. */
export function slugify(raw: string): string {
  return raw
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}

function readFields(value: unknown): BookingField[] {
  return (value as Record<string, unknown>[]).map((field) => {
    const type = String(field['type']);
    const isDefault = ['name', 'email', 'title', 'notes', 'guests', 'rescheduleReason', 'location'].includes(type);
    return { ...field, type, slug: typeof field['slug'] === 'string' ? field['slug'] : type, isDefault };
  });
}

/**
 * The changes that a create or update body asks for, as members of an event type. Unknown keys are dropped
 * in silence. Throws the global validation failure.
 */
export function readEventTypeInput(body: Record<string, unknown>, mode: 'create' | 'update'): Partial<EventType> {
  const problems = findProblems(body, mode === 'create' ? CREATE : UPDATE, false);
  if (problems.length > 0) throw validationFailure(problems);
  const input: Record<string, unknown> = {};
  for (const key of Object.keys(CREATE)) {
    if (body[key] !== undefined && key !== 'bookingFields') input[key] = structuredClone(body[key]);
  }
  if (typeof body['slug'] === 'string') input['slug'] = slugify(body['slug']);
  if (body['bookingFields'] !== undefined) input['customFields'] = readFields(body['bookingFields'] ?? []);
  if (isRecord(body['recurrence']) && body['recurrence']['disabled'] === true) input['recurrence'] = null;
  if (Array.isArray(body['locations']) && body['locations'].length === 0) delete input['locations'];
  const others = ECHOED.filter((key) => body[key] !== undefined).map((key) => [key, structuredClone(body[key])]);
  return { ...(input as Partial<EventType>), others: Object.fromEntries(others) as Record<string, unknown> };
}

/** Refuses lengths that do not belong together (400). */
export function checkLengths(length: number, options: number[] | null): void {
  if (options !== null && !options.includes(length)) {
    throw nestFailure(400, `lengthInMinutesOptions must include the default lengthInMinutes=${length}`);
  }
}

/** The type of a location and the member that carries its value, for bookings. */
export function locationValue(location: EventLocation): string {
  if (location.type === 'integration') {
    return location['integration'] === 'cal-video'
      ? 'integrations:daily'
      : `integrations:${String(location['integration'])}`;
  }
  const member = LOCATION_NEEDS[location.type];
  return typeof member === 'string' ? String(location[member]) : '';
}
