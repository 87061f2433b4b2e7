import { makeEventType } from '../engine/seed.ts';
import { accountOf } from '../engine/store.ts';
import type { EventLocation, EventType, SandboxState } from '../engine/types.ts';
import { nestFailure } from '../http/errors.ts';
import { callerOf, change, numericParam, reply } from '../http/request.ts';
import type { ApiHandler, ApiRequest } from '../http/request.ts';
import { checkLengths, readEventTypeInput } from './event-type-input.ts';

const DEFAULT_FIELDS: Record<string, unknown>[] = [
  { type: 'name', slug: 'name', label: '', placeholder: '', required: true, disableOnPrefill: false },
  { type: 'email', slug: 'email', label: '', placeholder: '', required: true, disableOnPrefill: false, hidden: false },
  { type: 'radioInput', slug: 'location', label: '', required: false, hidden: false },
  { type: 'text', slug: 'title', label: '', placeholder: '', required: true, disableOnPrefill: false, hidden: true },
  {
    type: 'textarea',
    slug: 'notes',
    label: '',
    placeholder: '',
    required: false,
    disableOnPrefill: false,
    hidden: false,
  },
  {
    type: 'multiemail',
    slug: 'guests',
    label: '',
    placeholder: '',
    required: false,
    disableOnPrefill: false,
    hidden: false,
  },
  {
    type: 'textarea',
    slug: 'rescheduleReason',
    label: '',
    placeholder: '',
    required: false,
    disableOnPrefill: false,
    hidden: false,
  },
];

function presentLocation(location: EventLocation): Record<string, unknown> {
  const known = ['address', 'link', 'phone', 'integration', 'organizersDefaultApp'].includes(location.type);
  if (known)
    return ['address', 'link', 'phone'].includes(location.type) ? { public: true, ...location } : { ...location };
  return { type: 'unknown', location: JSON.stringify(location), attendeeType: location.type };
}

function presentFields(eventType: EventType): Record<string, unknown>[] {
  const own = new Map(eventType.customFields.map((field) => [field.slug, field]));
  const defaults = DEFAULT_FIELDS.map((field) => ({ isDefault: true, ...field, ...own.get(String(field['slug'])) }));
  const custom = eventType.customFields.filter((field) => !field.isDefault);
  return [
    ...defaults,
    ...custom.map((field) => ({ label: '', placeholder: '', hidden: false, required: false, ...field })),
  ];
}

/** An event type as the API shows it in version 2024-06-14. */
export function presentEventType(state: SandboxState, eventType: EventType): Record<string, unknown> {
  const { customFields: _fields, createdAt: _created, others, lengthInMinutesOptions: options, ...shown } = eventType;
  const owner = accountOf(state, eventType.ownerId);
  return structuredClone({
    ...shown,
    ...(options === null ? {} : { lengthInMinutesOptions: options }),
    locations: eventType.locations.map(presentLocation),
    bookingFields: presentFields(eventType),
    metadata: options === null ? {} : { multipleDuration: options },
    price: eventType.price ?? 0,
    currency: 'usd',
    lockTimeZoneToggleOnBookingPage: false,
    forwardParamsSuccessRedirect: true,
    successRedirectUrl: null,
    isInstantEvent: false,
    ...others,
    users: [
      {
        id: owner.id,
        name: owner.name,
        username: owner.username,
        avatarUrl: owner.avatarUrl,
        brandColor: null,
        darkBrandColor: null,
        weekStart: owner.weekStart,
        metadata: {},
      },
    ],
    bookingUrl: `https://cal.com/${owner.username}/${eventType.slug}`,
  });
}

function ownEventType(request: ApiRequest): EventType {
  const id = numericParam(request, 'eventTypeId');
  const caller = callerOf(request);
  const eventType = request.world.state.eventTypes.find((candidate) => candidate.id === id);
  if (eventType === undefined) throw nestFailure(404, `Event type with id ${id} not found`);
  if (eventType.ownerId !== caller.id) {
    throw nestFailure(403, `User with ID=${caller.id} does not own event type with ID=${id}`);
  }
  return eventType;
}

function checkReferences(request: ApiRequest, input: Partial<EventType>, self: EventType | null): void {
  const { state } = request.world;
  const caller = callerOf(request);
  const sameSlug = state.eventTypes.some(
    (other) => other !== self && other.ownerId === caller.id && other.slug === input.slug,
  );
  if (sameSlug) throw nestFailure(400, 'User already has an event type with this slug.');
  const { scheduleId } = input;
  if (typeof scheduleId === 'number') {
    const own = state.schedules.some((schedule) => schedule.id === scheduleId && schedule.ownerId === caller.id);
    if (!own) throw nestFailure(404, `User with ID=${caller.id} does not own schedule with ID=${scheduleId}`);
  }
}

function applyInput(eventType: EventType, input: Partial<EventType>): void {
  const { others, ...members } = input;
  const given = Object.entries(members).filter(([key, value]) => value !== null || NULLABLE.has(key));
  Object.assign(eventType, Object.fromEntries(given));
  Object.assign(eventType.others, others);
}

const NULLABLE = new Set(['scheduleId', 'slotInterval', 'lengthInMinutesOptions', 'recurrence']);

/** `POST /v2/event-types`. */
export const createEventType: ApiHandler = (request) => {
  const input = readEventTypeInput(request.body, 'create');
  const length = input.lengthInMinutes ?? 0;
  checkLengths(length, input.lengthInMinutesOptions ?? null);
  checkReferences(request, input, null);
  const { world } = request;
  return change(request, 201, () => {
    const eventType = makeEventType({
      id: world.state.nextId.eventType++,
      ownerId: callerOf(request).id,
      createdAt: request.now.toISOString(),
      title: input.title ?? '',
      slug: input.slug ?? '',
      lengthInMinutes: length,
    });
    applyInput(eventType, input);
    world.state.eventTypes.push(eventType);
    return presentEventType(world.state, eventType);
  });
};

/** `GET /v2/event-types`: all own ones, or one user's (public ones for others). */
export const listEventTypes: ApiHandler = (request) => {
  const { query, caller } = request;
  const { state } = request.world;
  const username = query.get('username') ?? query.get('usernames')?.split(',')[0] ?? null;
  const owner = username === null ? caller : state.users.find((user) => user.username === username);
  const slug = query.get('eventSlug');
  const order = query.get('sortCreatedAt');
  const shown = state.eventTypes
    .filter((eventType) => eventType.ownerId === owner?.id)
    .filter((eventType) => slug === null || eventType.slug === slug)
    .filter((eventType) => !eventType.hidden || caller?.id === eventType.ownerId);
  if (order === 'desc') shown.reverse();
  return reply(
    200,
    shown.map((eventType) => presentEventType(state, eventType)),
  );
};

/** `GET /v2/event-types/{eventTypeId}`. */
export const getEventType: ApiHandler = (request) =>
  reply(200, presentEventType(request.world.state, ownEventType(request)));

/** `PATCH /v2/event-types/{eventTypeId}`. */
export const updateEventType: ApiHandler = (request) => {
  const eventType = ownEventType(request);
  const input = readEventTypeInput(request.body, 'update');
  const options =
    input.lengthInMinutesOptions === undefined ? eventType.lengthInMinutesOptions : input.lengthInMinutesOptions;
  checkLengths(input.lengthInMinutes ?? eventType.lengthInMinutes, options);
  checkReferences(request, input, eventType);
  return change(request, 200, () => {
    applyInput(eventType, input);
    return presentEventType(request.world.state, eventType);
  });
};

/** `DELETE /v2/event-types/{eventTypeId}`: its bookings survive without it. */
export const deleteEventType: ApiHandler = (request) => {
  const eventType = ownEventType(request);
  const { state } = request.world;
  return change(request, 200, () => {
    state.eventTypes = state.eventTypes.filter((candidate) => candidate !== eventType);
    for (const booking of state.bookings) {
      if (booking.eventTypeId === eventType.id) booking.eventTypeId = null;
    }
    request.world.touchAll();
    const { id, lengthInMinutes, title, slug } = eventType;
    return { id, lengthInMinutes, title, slug };
  });
};
