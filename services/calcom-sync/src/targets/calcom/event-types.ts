import type { EventTypeAnswer, EventTypeRequest } from '../target.ts';
import type { CalcomClient } from './client.ts';
import { readEventType, readEventTypes, type CalcomEventType } from './mapping.ts';
import { EVENT_TYPE_SLUG } from './setup.ts';

/**
 * Makes an event type offer what an appointment type says: found by id, then by slug (one that stands there already is
 * adopted), made if absent, written only if it differs. What is no longer offered is hidden, never deleted: its bookings
 * would lose their type. Title, slug, lengths, buffers, notice, window, step, schedule and visibility are ours;
 * everything else of an adopted type stays as its owner made it.
 */
export async function ensureEventTypeOf(client: CalcomClient, request: EventTypeRequest): Promise<EventTypeAnswer> {
  const all = readEventTypes(await client.send({ method: 'GET', resource: 'eventTypes', path: '/event-types' }));
  const known = findEventType(all, request);
  const settings = settingsOf(request);
  if (!known) {
    if (request.archived) return { eventTypeId: '', slug: '', made: false, written: false };
    const body = { ...settings, locations: [{ type: 'address', address: 'At the practice', public: true }] };
    const made = readEventType(
      await client.send({ method: 'POST', resource: 'eventTypes', path: '/event-types', body }),
    );
    return { eventTypeId: String(made.id), slug: made.slug, made: true, written: true };
  }
  const changes = request.archived ? { hidden: true } : settings;
  if (shows(known, changes)) return { eventTypeId: String(known.id), slug: known.slug, made: false, written: false };
  const path = `/event-types/${known.id}`;
  const changed = readEventType(await client.send({ method: 'PATCH', resource: 'eventTypes', path, body: changes }));
  return { eventTypeId: String(changed.id), slug: changed.slug, made: false, written: true };
}

function findEventType(all: readonly CalcomEventType[], request: EventTypeRequest): CalcomEventType | undefined {
  const byId = all.find(({ id }) => String(id) === request.eventTypeId);
  return byId ?? all.find(({ slug }) => slug === slugOf(request));
}

/** The slug of the hidden type for bookings without rules is taken. */
function slugOf({ slug }: EventTypeRequest): string {
  return slug === EVENT_TYPE_SLUG ? `${EVENT_TYPE_SLUG}-type` : slug;
}

function settingsOf(request: EventTypeRequest) {
  const [length = 30] = request.durations;
  return {
    title: request.name,
    slug: slugOf(request),
    lengthInMinutes: length,
    lengthInMinutesOptions: [...new Set([length, ...request.durations])].sort((a, b) => a - b),
    beforeEventBuffer: request.bufferBefore,
    afterEventBuffer: request.bufferAfter,
    minimumBookingNotice: request.notice,
    slotInterval: request.slotStep,
    bookingWindow: { type: 'calendarDays', value: request.horizonDays, rolling: true },
    hidden: false,
    ...(request.scheduleId === '' ? {} : { scheduleId: Number(request.scheduleId) }),
  };
}

/** Whether what is there says the same; members not told are theirs. */
function shows(known: CalcomEventType, wanted: Partial<ReturnType<typeof settingsOf>>): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    if (name === 'lengthInMinutesOptions') return sameList(known.lengthInMinutesOptions, value as number[], known);
    if (name === 'bookingWindow') return sameWindow(known.bookingWindow, value as { value: number });
    const there = known[name as keyof CalcomEventType];
    return typeof value === 'number' ? (there ?? 0) === value : (there ?? false) === value;
  });
}

function sameList(there: number[] | null | undefined, wanted: number[], known: CalcomEventType): boolean {
  const sorted = [...(there ?? [known.lengthInMinutes])].sort((a, b) => a - b);
  return JSON.stringify(sorted) === JSON.stringify(wanted);
}

/** Documented as a list, sent as an object. */
function sameWindow(there: unknown, wanted: { value: number }): boolean {
  const window: unknown = Array.isArray(there) ? there[0] : there;
  if (typeof window !== 'object' || window === null) return false;
  const { type, value, rolling } = window as Record<string, unknown>;
  return type === 'calendarDays' && value === wanted.value && rolling === true;
}
