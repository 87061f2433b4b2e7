import { isFree, listSlots, seatsOf } from '../engine/availability.ts';
import type { EventType, Reservation } from '../engine/types.ts';
import { nestFailure, validationFailure } from '../http/errors.ts';
import { reply } from '../http/request.ts';
import type { ApiHandler, ApiRequest } from '../http/request.ts';
import { findProblems, integer, isZoneName, isoTime, optional, parseIso } from '../http/validation.ts';
import { requestedLength } from './booking-input.ts';

function findEventType(request: ApiRequest): EventType {
  const { query } = request;
  const { state } = request.world;
  const id = query.get('eventTypeId');
  const owner = state.users.find((user) => user.username === query.get('username'));
  const found = state.eventTypes.find((type) =>
    id === null ? type.ownerId === owner?.id && type.slug === query.get('eventTypeSlug') : type.id === Number(id),
  );
  if (found === undefined) throw nestFailure(404, 'Event Type not found');
  return found;
}

function readRange(query: URLSearchParams): { from: number; to: number } {
  const start = query.get('start') ?? '';
  const end = query.get('end') ?? '';
  const from = parseIso(start);
  const to = parseIso(end.includes('T') ? end : `${end}T23:59:59.000Z`);
  if (from === null || to === null || to < from) {
    throw nestFailure(
      400,
      'Invalid time range given - start and end must be ISO 8601 and end must not be before start',
    );
  }
  return { from, to };
}

function localText(epoch: number, zone: string): string {
  if (zone === 'UTC') return new Date(epoch).toISOString();
  const zoned = Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(zone);
  return zoned.toString({ smallestUnit: 'millisecond', timeZoneName: 'never' });
}

/** What a listing says of the seats of one time; nothing when the event type has none. */
function seatsAt(request: ApiRequest, eventType: EventType, start: number): Record<string, unknown> {
  const seatsTotal = seatsOf(eventType);
  if (seatsTotal === null) return {};
  const at = new Date(start).toISOString();
  const shared = request.world.state.bookings.find(
    (booking) => booking.eventTypeId === eventType.id && booking.status === 'accepted' && booking.start === at,
  );
  const seatsBooked = shared?.attendees.length ?? 0;
  const counts = { seatsBooked, seatsRemaining: seatsTotal - seatsBooked, seatsTotal };
  return shared === undefined ? counts : { ...counts, bookingUid: shared.uid };
}

/** `GET /v2/slots`: starts by local date of the asked zone; days without slots are absent. */
export const getSlots: ApiHandler = (request) => {
  const { query, world } = request;
  const { from, to } = readRange(query);
  const zone = query.get('timeZone') ?? 'UTC';
  if (!isZoneName(zone)) {
    throw validationFailure([
      { property: 'timeZone', children: [], constraints: { isTimeZone: 'timeZone must be a valid IANA time-zone' } },
    ]);
  }
  const eventType = findEventType(request);
  const duration = query.get('duration');
  const length = requestedLength(eventType, duration === null ? undefined : Number(duration));
  const ignoreUid = query.get('bookingUidToReschedule') ?? undefined;
  const now = request.now.getTime();
  const reserved = world.state.reservations.filter(
    (held) => held.eventTypeId === eventType.id && Date.parse(held.reservationUntil) > now,
  );
  const byDate: Record<string, Record<string, unknown>[]> = {};
  for (const slot of listSlots(world.state, eventType, { from, to, now, length, ignoreUid })) {
    const hidden = reserved.some((r) => slot.start < Date.parse(r.slotEnd) && Date.parse(r.slotStart) < slot.end);
    if (hidden) continue;
    const start = localText(slot.start, zone);
    const entry = query.get('format') === 'range' ? { start, end: localText(slot.end, zone) } : { start };
    (byDate[start.slice(0, 10)] ??= []).push({ ...entry, ...seatsAt(request, eventType, slot.start) });
  }
  return reply(200, byDate);
};

function draftReservation(request: ApiRequest): Omit<Reservation, 'uid'> {
  const { body, world } = request;
  const shape = {
    eventTypeId: integer(1),
    slotStart: isoTime,
    slotDuration: optional(integer(1)),
    reservationDuration: optional(integer(1)),
  };
  const problems = findProblems(body, shape, false);
  if (problems.length > 0) throw validationFailure(problems);
  const eventType = world.state.eventTypes.find((type) => type.id === body['eventTypeId']);
  if (eventType === undefined) throw nestFailure(404, `Event Type with ID=${String(body['eventTypeId'])} not found`);
  if (body['reservationDuration'] !== undefined && request.caller === null) {
    throw nestFailure(401, 'reservationDuration can only be used for authenticated requests');
  }
  const start = parseIso(body['slotStart']) ?? 0;
  const length = requestedLength(eventType, body['slotDuration']);
  const minutes = typeof body['reservationDuration'] === 'number' ? body['reservationDuration'] : 5;
  return {
    eventTypeId: eventType.id,
    slotStart: new Date(start).toISOString(),
    slotEnd: new Date(start + length * 60_000).toISOString(),
    slotDuration: length,
    reservationDuration: minutes,
    reservationUntil: new Date(request.now.getTime() + minutes * 60_000).toISOString(),
  };
}

function checkReservable(request: ApiRequest, draft: Omit<Reservation, 'uid'>, ignoreUid: string | null): void {
  const { state } = request.world;
  const during = { start: Date.parse(draft.slotStart), end: Date.parse(draft.slotEnd) };
  const eventType = state.eventTypes.find((type) => type.id === draft.eventTypeId);
  const held = state.reservations.some(
    (other) =>
      other.uid !== ignoreUid &&
      other.eventTypeId === draft.eventTypeId &&
      Date.parse(other.reservationUntil) > request.now.getTime() &&
      during.start < Date.parse(other.slotEnd) &&
      Date.parse(other.slotStart) < during.end,
  );
  if (held || eventType === undefined || !isFree(state, eventType, during)) {
    throw nestFailure(422, "Can't reserve a slot if the event is already booked or reserved.");
  }
}

function present(reservation: Reservation): Record<string, unknown> {
  const { uid, ...shown } = reservation;
  return { ...shown, reservationUid: uid };
}

function requireReservation(request: ApiRequest): Reservation {
  const found = request.world.state.reservations.find((held) => held.uid === request.params['uid']);
  if (found === undefined) throw nestFailure(404, `Reservation with uid=${request.params['uid'] ?? ''} not found`);
  return found;
}

/** `POST /v2/slots/reservations`. */
export const reserveSlot: ApiHandler = (request) => {
  const draft = draftReservation(request);
  checkReservable(request, draft, null);
  const { world } = request;
  return {
    status: 201,
    commit: () => {
      const reservation = { uid: world.newUuid(), ...draft };
      world.state.reservations.push(reservation);
      world.touch();
      return { status: 'success', data: present(reservation) };
    },
  };
};

/** `GET /v2/slots/reservations/{uid}`: data is null when there is none. */
export const getReservation: ApiHandler = (request) => {
  const found = request.world.state.reservations.find((held) => held.uid === request.params['uid']);
  return reply(200, found === undefined ? null : present(found));
};

/** `PATCH /v2/slots/reservations/{uid}`. */
export const updateReservation: ApiHandler = (request) => {
  const reservation = requireReservation(request);
  const draft = draftReservation(request);
  checkReservable(request, draft, reservation.uid);
  return {
    status: 200,
    commit: () => {
      Object.assign(reservation, draft);
      request.world.touch();
      return { status: 'success', data: present(reservation) };
    },
  };
};

/** `DELETE /v2/slots/reservations/{uid}`. */
export const deleteReservation: ApiHandler = (request) => {
  const reservation = requireReservation(request);
  const { state } = request.world;
  return {
    status: 200,
    commit: () => {
      state.reservations = state.reservations.filter((held) => held !== reservation);
      request.world.touch();
      return { status: 'success' };
    },
  };
};
