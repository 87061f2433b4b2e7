import type { Account, EventType, SandboxState } from '../engine/types.ts';
import { bookingBodyFailure, nestFailure } from '../http/errors.ts';
import { LANGUAGES } from '../http/languages.ts';
import type { ApiRequest } from '../http/request.ts';
import {
  anyObject,
  bool,
  email,
  filledText,
  findProblems,
  integer,
  isRecord,
  isoTime,
  listOf,
  matching,
  objectOf,
  oneOf,
  optional,
  text,
  zoneName,
} from '../http/validation.ts';
import type { Rule, Shape } from '../http/validation.ts';
import { locationValue } from './event-type-input.ts';

const metadata: Rule = (value, property) => {
  if (!isRecord(value)) return anyObject(value, property);
  const entries = Object.entries(value);
  const fits = ([key, item]: [string, unknown]): boolean =>
    key.length <= 40 &&
    (typeof item === 'number' || typeof item === 'boolean' || (typeof item === 'string' && item.length <= 500));
  if (entries.length <= 50 && entries.every(fits)) return undefined;
  const explanation = `${property} may have at most 50 keys of up to 40 characters with values of up to 500 characters`;
  return { property, children: [], constraints: { isMetadata: explanation } };
};

const phone = matching(/^\+[1-9]\d{6,14}$/, 'isPhoneNumber', 'must be a valid number in international format');
const attendeeShape = objectOf(
  {
    name: filledText,
    timeZone: zoneName,
    email: optional(email),
    phoneNumber: optional(phone),
    language: optional(oneOf(LANGUAGES)),
  },
  true,
);
const attendee: Rule = (value, property) => {
  const wrong = attendeeShape(value, property);
  if (wrong !== undefined || !isRecord(value)) return wrong;
  if (value['email'] !== undefined || value['phoneNumber'] !== undefined) return undefined;
  const constraints = { hasContact: 'either email or phoneNumber must be given' };
  return { property, children: [], constraints };
};

const LOCATION_TYPES: Record<string, Shape> = {
  address: {},
  link: {},
  phone: {},
  organizersDefaultApp: {},
  attendeeAddress: { address: filledText },
  attendeePhone: { phone: filledText },
  attendeeDefined: { location: filledText },
  integration: { integration: filledText },
};
const location: Rule = (value, property) => {
  if (typeof value === 'string') return undefined; // The deprecated plain form.
  const type = isRecord(value) ? value['type'] : undefined;
  const members = typeof type === 'string' ? LOCATION_TYPES[type] : undefined;
  return objectOf({ type: oneOf(Object.keys(LOCATION_TYPES)), ...members }, true)(value, property);
};

const CREATE: Shape = {
  start: isoTime,
  attendee,
  eventTypeId: optional(integer(1)),
  eventTypeSlug: optional(text),
  username: optional(text),
  teamSlug: optional(text),
  organizationSlug: optional(text),
  bookingFieldsResponses: optional(anyObject),
  guests: optional(listOf(email)),
  meetingUrl: optional(text),
  location: optional(location),
  metadata: optional(metadata),
  lengthInMinutes: optional(integer(1)),
  routing: optional(anyObject),
  emailVerificationCode: optional(text),
  recurrenceCount: optional(integer(1)),
  instant: optional(bool),
};
const RESCHEDULE: Shape = {
  start: isoTime,
  rescheduledBy: optional(email),
  reschedulingReason: optional(text),
  emailVerificationCode: optional(text),
  seatUid: optional(text),
};
const CANCEL: Shape = {
  cancellationReason: optional(text),
  cancelSubsequentBookings: optional(bool),
  seatUid: optional(text),
};
const HOST_FLAGS: Shape = {
  allowConflicts: optional(bool),
  allowBookingOutOfBounds: optional(bool),
  skipBookingLimits: optional(bool),
};

/** Checks a booking body strictly. The host-override flags are known keys on the hosted profile only. */
export function checkBookingBody(request: ApiRequest, call: 'create' | 'reschedule' | 'cancel'): void {
  const shapes = { create: CREATE, reschedule: RESCHEDULE, cancel: CANCEL };
  const hosted = request.world.settings.profile === 'hosted' && call !== 'cancel';
  const shape = hosted ? { ...shapes[call], ...HOST_FLAGS } : shapes[call];
  const problems = findProblems(request.body, shape, true);
  if (problems.length > 0) throw bookingBodyFailure(problems);
}

/** The host-override flags in force: hosted, newest version, asked for by a host of the event type. */
export function hostFlags(
  request: ApiRequest,
  eventType: EventType,
): { conflicts: boolean; bounds: boolean; limits: boolean } {
  const honoured =
    request.world.settings.profile === 'hosted' &&
    request.version === '2026-02-25' &&
    request.caller?.id === eventType.ownerId;
  const { body } = request;
  return {
    conflicts: honoured && body['allowConflicts'] === true,
    bounds: honoured && body['allowBookingOutOfBounds'] === true,
    limits: honoured && body['skipBookingLimits'] === true,
  };
}

/** The event type that a create body names by id, or by slug and user name (404 when there is none). */
export function findRequestedEventType(request: ApiRequest): EventType {
  const { body } = request;
  const { state } = request.world;
  if (typeof body['eventTypeId'] === 'number') {
    const found = state.eventTypes.find((type) => type.id === body['eventTypeId']);
    if (found === undefined) throw nestFailure(404, `Event type with id ${body['eventTypeId']} not found.`);
    return found;
  }
  const slug = body['eventTypeSlug'];
  const username = body['username'];
  if (typeof slug !== 'string' || typeof username !== 'string') {
    throw nestFailure(
      400,
      'Either eventTypeId or eventTypeSlug with username or eventTypeSlug with teamSlug must be provided',
    );
  }
  return findBySlug(state, slug, username);
}

function findBySlug(state: SandboxState, slug: string, username: string): EventType {
  const user = state.users.find((candidate) => candidate.username === username);
  if (user === undefined) throw nestFailure(404, `User with username ${username} not found`);
  const found = state.eventTypes.find((type) => type.ownerId === user.id && type.slug === slug);
  if (found === undefined) throw nestFailure(404, `Event type with slug ${slug} not found.`);
  return found;
}

/** The length in minutes that a create asks for; 400 when the event type does not offer it. */
export function requestedLength(eventType: EventType, asked: unknown): number {
  if (typeof asked !== 'number') return eventType.lengthInMinutes;
  const options = eventType.lengthInMinutesOptions;
  if (options === null) {
    throw nestFailure(
      400,
      `Can't specify 'lengthInMinutes' because event type does not have multiple possible lengths. Please, remove the 'lengthInMinutes' field from the request.`,
    );
  }
  if (!options.includes(asked)) {
    throw nestFailure(
      400,
      `Provided 'lengthInMinutes' is not one of the possible lengths of the event type: ${options.join(', ')}.`,
    );
  }
  return asked;
}

/** The stored location of a new booking; 400 when its type is not configured on the event type. */
export function requestedLocation(eventType: EventType, asked: unknown): string {
  if (typeof asked === 'string') return asked;
  if (!isRecord(asked)) {
    const [first] = eventType.locations;
    return first === undefined ? 'integrations:daily' : locationValue(first);
  }
  const type = String(asked['type']);
  const configured = eventType.locations.find(
    (candidate) =>
      candidate.type === type && (type !== 'integration' || candidate['integration'] === asked['integration']),
  );
  if (configured === undefined) {
    const types = eventType.locations.map((candidate) => candidate.type).join(', ');
    throw nestFailure(
      400,
      `Location with type=${type} is not valid for this event type. Its location types: ${types}.`,
    );
  }
  const own = asked['address'] ?? asked['phone'] ?? asked['location'];
  return typeof own === 'string' ? own : locationValue(configured);
}

/** Refuses a body that leaves out a required custom field (400). */
export function checkFieldResponses(eventType: EventType, responses: Record<string, unknown>): void {
  for (const field of eventType.customFields) {
    if (field.isDefault || field.required !== true || responses[field.slug] !== undefined) continue;
    throw nestFailure(
      400,
      `Missing required booking field response: ${field.slug} - please provide it in the 'bookingFieldsResponses' object.`,
    );
  }
}

/** Whether a caller is the host of a booking's account. */
export function isHost(caller: Account | null, hostId: number): boolean {
  return caller !== null && caller.id === hostId;
}
