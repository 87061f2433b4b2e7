import { isFree, isWithinWindow, keepsLimits, keepsNotice, seatsOf } from '../engine/availability.ts';
import {
  findBooking,
  giveIds,
  hasSeats,
  needsConfirmation,
  presentBooking,
  settleLocation,
  uniqueKeyOf,
} from '../engine/bookings.ts';
import { accountOf } from '../engine/store.ts';
import type { Attendee, Booking, EventType } from '../engine/types.ts';
import {
  bookingCancelled,
  bookingCreated,
  bookingRequested,
  bookingRescheduled,
  paymentInitiated,
} from '../engine/webhook-events.ts';
import type { WebhookEvent } from '../engine/webhook-events.ts';
import { nestFailure, rawFailure } from '../http/errors.ts';
import { reply } from '../http/request.ts';
import type { ApiHandler, ApiOutcome, ApiRequest } from '../http/request.ts';
import { isRecord, parseIso } from '../http/validation.ts';
import {
  checkBookingBody,
  checkFieldResponses,
  findRequestedEventType,
  hostFlags,
  isHost,
  requestedLength,
  requestedLocation,
} from './booking-input.ts';
import { cancelSeat, giveSeat, joinSharedTime, moveSeat, seatUidOf } from './seats.ts';

const NOT_AVAILABLE = 'User either already has booking at this time or is not available';
const OUT_OF_BOUNDS =
  'The event type can\'t be booked at the "start" time provided. It is too soon (minimum booking notice) or too far in the future (booking window). Ask for the available slots first.';

function checkTime(request: ApiRequest, eventType: EventType, start: number, end: number, ignoreUid?: string): void {
  const { state } = request.world;
  const now = request.now.getTime();
  const skip = hostFlags(request, eventType);
  if (start < now) throw nestFailure(400, 'Attempting to book a meeting in the past.');
  const inBounds = keepsNotice(eventType, start, now) && isWithinWindow(state, eventType, start, now);
  if (!skip.bounds && !inBounds) throw nestFailure(400, OUT_OF_BOUNDS);
  const free = skip.conflicts || isFree(state, eventType, { start, end }, ignoreUid);
  const limits = skip.limits || keepsLimits(state, eventType, { start, end }, ignoreUid);
  if (!free || !limits) throw nestFailure(400, NOT_AVAILABLE);
}

/** The race that the availability check cannot see: the key is looked at again at the moment of the change. */
function checkUniqueKey(request: ApiRequest, key: string | null, ignoreUid?: string): void {
  const taken = request.world.state.bookings.some(
    (other) => key !== null && other.uniqueKey === key && other.uid !== ignoreUid,
  );
  if (taken) throw rawFailure(409, 'booking_conflict_error');
}

function readAttendee(body: Record<string, unknown>): Attendee {
  const given = body['attendee'] as Record<string, string | undefined>;
  const phoneNumber = given['phoneNumber'];
  const email = given['email'] ?? `${(phoneNumber ?? '').replace('+', '')}@sms.cal.com`;
  return {
    name: given['name'] ?? '',
    email,
    timeZone: given['timeZone'] ?? 'UTC',
    language: given['language'] ?? 'en',
    absent: false,
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
  };
}

function checkActiveBookings(request: ApiRequest, eventType: EventType, email: string): void {
  const maximum = eventType.bookerActiveBookingsLimit['maximumActiveBookings'];
  if (typeof maximum !== 'number') return;
  const active = request.world.state.bookings.filter(
    (b) =>
      b.eventTypeId === eventType.id &&
      b.status === 'accepted' &&
      Date.parse(b.end) > request.now.getTime() &&
      b.attendees.some((attendee) => attendee.email === email),
  );
  if (active.length >= maximum) {
    throw nestFailure(
      400,
      `Attendee with this email can't book because the maximum number of active bookings has been reached.`,
    );
  }
}

function checkAccess(request: ApiRequest, eventType: EventType): void {
  if (!eventType.bookingRequiresAuthentication) return;
  if (request.caller === null)
    throw nestFailure(401, 'checkBookingRequiresAuthentication - authentication is required');
  if (request.caller.id !== eventType.ownerId) {
    throw nestFailure(403, 'checkBookingRequiresAuthentication - user is not authorized to book this event type');
  }
}

function checkModelled(request: ApiRequest, eventType: EventType): void {
  if (
    eventType.recurrence !== null ||
    request.body['recurrenceCount'] !== undefined ||
    request.body['instant'] === true
  ) {
    throw nestFailure(501, 'The sandbox does not model recurring and instant bookings.');
  }
}

function draftBooking(request: ApiRequest, eventType: EventType, start: number): Booking {
  const { body, world } = request;
  const host = accountOf(world.state, eventType.ownerId);
  const attendee = readAttendee(body);
  const length = requestedLength(eventType, body['lengthInMinutes']);
  const responses = isRecord(body['bookingFieldsResponses']) ? body['bookingFieldsResponses'] : {};
  checkFieldResponses(eventType, responses);
  const startText = new Date(start).toISOString();
  const endText = new Date(start + length * 60_000).toISOString();
  const costs = (eventType.price ?? 0) > 0;
  const pending = costs || needsConfirmation(eventType, start, request.now.getTime());
  const now = request.now.toISOString();
  return {
    id: 0,
    uid: '',
    icsUid: '',
    hostId: host.id,
    eventTypeId: eventType.id,
    eventTypeSlug: eventType.slug,
    title: `${eventType.title} between ${host.name} and ${attendee.name}`,
    description: typeof responses['notes'] === 'string' ? responses['notes'] : '',
    status: pending ? 'pending' : 'accepted',
    start: startText,
    end: endText,
    cancellationReason: '',
    cancelledByEmail: '',
    location: requestedLocation(eventType, body['location'] ?? body['meetingUrl']),
    absentHost: false,
    createdAt: now,
    updatedAt: now,
    metadata: isRecord(body['metadata']) ? structuredClone(body['metadata']) : {},
    attendees: [attendee],
    guests: Array.isArray(body['guests']) ? body['guests'].map(String) : [],
    bookingFieldsResponses: { name: attendee.name, email: attendee.email, displayEmail: attendee.email, ...responses },
    uniqueKey: pending ? null : uniqueKeyOf({ start: startText, end: endText, hostId: host.id }),
    ...(costs ? { paid: false } : {}),
  };
}

function presentNew(request: ApiRequest, booking: Booking): Record<string, unknown> {
  return { ...presentBooking(request.world.state, booking), isPlatformManagedUserBooking: false };
}

/** `POST /v2/bookings`. */
export const createBooking: ApiHandler = (request): ApiOutcome => {
  checkBookingBody(request, 'create');
  const { state } = request.world;
  const eventType = findRequestedEventType(request);
  checkModelled(request, eventType);
  checkAccess(request, eventType);
  const start = parseIso(request.body['start']) ?? 0;
  const booking = draftBooking(request, eventType, start);
  checkBlocked(request, booking);
  const first = findFirstPending(request, booking);
  if (first !== undefined) return reply(201, presentNew(request, first));
  if (seatsOf(eventType) !== null) {
    const shared = joinSharedTime(request, eventType, booking);
    if (shared !== null) return shared;
  }
  checkTime(request, eventType, start, Date.parse(booking.end));
  checkActiveBookings(request, eventType, booking.attendees[0]?.email ?? '');
  checkUniqueKey(request, booking.uniqueKey);
  giveIds(request.world, booking);
  if (seatsOf(eventType) !== null) giveSeat(request, booking);
  return {
    status: 201,
    events: [announce(request, booking)],
    commit: () => {
      checkUniqueKey(request, booking.uniqueKey);
      state.bookings.push(booking);
      const data = { ...presentNew(request, booking), ...seatUidOf(booking) };
      settleLocation(booking);
      request.world.touch(booking);
      return { status: 'success', data };
    },
  };
};

function announce(request: ApiRequest, booking: Booking): WebhookEvent {
  const { state } = request.world;
  if (booking.paid === false) return paymentInitiated(state, booking, request.now);
  return booking.status === 'accepted'
    ? bookingCreated(state, booking, request.now, false)
    : bookingRequested(state, booking, request.now, request.world.newUuid());
}

/** The booking core refuses blocked people before anything else, without the envelope. */
function checkBlocked(request: ApiRequest, booking: Booking): void {
  const blocked = request.world.settings.blockedAttendees;
  if (booking.attendees.some((attendee) => blocked.includes(attendee.email))) {
    throw rawFailure(403, 'Cannot use this email to create the booking.');
  }
}

/** A repeated create of a booking that waits for confirmation answers the first one. */
function findFirstPending(request: ApiRequest, draft: Booking): Booking | undefined {
  if (draft.status !== 'pending') return undefined;
  return request.world.state.bookings.find(
    (other) =>
      other.status === 'pending' &&
      other.eventTypeId === draft.eventTypeId &&
      other.start === draft.start &&
      other.attendees[0]?.email === draft.attendees[0]?.email,
  );
}

/** `GET /v2/bookings/{bookingUid}`: public. */
export const getBooking: ApiHandler = (request) =>
  reply(200, presentBooking(request.world.state, requireBooking(request)));

/** The booking of the path; 404 in the words of the read and reschedule calls. */
export function requireBooking(request: ApiRequest): Booking {
  const uid = request.params['bookingUid'] ?? '';
  const booking = findBooking(request.world.state, uid);
  if (booking === undefined) throw nestFailure(404, `Booking with uid=${uid} was not found in the database`);
  return booking;
}

function checkMovable(request: ApiRequest, booking: Booking, eventType: EventType): void {
  const { uid, rescheduledToUid } = booking;
  if (booking.status === 'cancelled' || booking.status === 'rejected') {
    const newer =
      rescheduledToUid === undefined ? '' : ` It has been rescheduled to booking with uid=${rescheduledToUid}.`;
    throw nestFailure(
      400,
      `Can't reschedule booking with uid=${uid} because it has been ${booking.status}. Please provide uid of a booking that is not cancelled.${newer}`,
    );
  }
  const now = request.now.getTime();
  if (!eventType.allowReschedulingPastBookings && Date.parse(booking.end) <= now) {
    throw nestFailure(400, `Can't reschedule booking with uid=${uid} because it has already ended`);
  }
  const { disabled, minutesBefore } = eventType.disableRescheduling;
  const tooLate = typeof minutesBefore === 'number' && Date.parse(booking.start) - now < minutesBefore * 60_000;
  if (disabled === true || tooLate) throw rawFailure(400, 'This event does not allow rescheduling');
}

function draftMove(request: ApiRequest, old: Booking, eventType: EventType, start: number): Booking {
  const { body } = request;
  const ownLength = Date.parse(old.end) - Date.parse(old.start);
  const length = request.world.settings.movesKeepLength ? ownLength : eventType.lengthInMinutes * 60_000;
  const end = new Date(start + length).toISOString();
  const startText = new Date(start).toISOString();
  const owner = accountOf(request.world.state, old.hostId);
  const byOwner = body['rescheduledBy'] === owner.email;
  const confirm = old.status === 'pending' || (!byOwner && needsConfirmation(eventType, start, request.now.getTime()));
  const { cancellationReason: _reason, rescheduledToUid: _to, ...kept } = structuredClone(old);
  return {
    ...kept,
    status: confirm ? 'pending' : 'accepted',
    start: startText,
    end,
    cancellationReason: '',
    createdAt: request.now.toISOString(),
    updatedAt: request.now.toISOString(),
    rescheduledFromUid: old.uid,
    uniqueKey: confirm ? null : uniqueKeyOf({ start: startText, end, hostId: old.hostId }),
    ...(typeof body['reschedulingReason'] === 'string' ? { reschedulingReason: body['reschedulingReason'] } : {}),
    ...(typeof body['rescheduledBy'] === 'string' ? { rescheduledByEmail: body['rescheduledBy'] } : {}),
  };
}

/** `POST /v2/bookings/{bookingUid}/reschedule`: a new booking; the old one is cancelled and linked. */
export const rescheduleBooking: ApiHandler = (request): ApiOutcome => {
  checkBookingBody(request, 'reschedule');
  const { state } = request.world;
  const old = requireBooking(request);
  const eventType = state.eventTypes.find((type) => type.id === old.eventTypeId);
  if (eventType === undefined) throw nestFailure(404, `Event type with id ${String(old.eventTypeId)} not found.`);
  checkMovable(request, old, eventType);
  if (hasSeats(old)) {
    const start = parseIso(request.body['start']) ?? 0;
    return moveSeat(request, old, eventType, (holder) => {
      const moved = { ...draftMove(request, old, eventType, start), attendees: [holder] };
      checkTime(request, eventType, start, Date.parse(moved.end));
      checkUniqueKey(request, moved.uniqueKey);
      return moved;
    });
  }
  if (
    eventType.customFields.some(
      (f) => !f.isDefault && f.required === true && old.bookingFieldsResponses[f.slug] === undefined,
    )
  ) {
    throw rawFailure(400, 'error_required_field');
  }
  const start = parseIso(request.body['start']) ?? 0;
  const moved = draftMove(request, old, eventType, start);
  checkTime(request, eventType, start, Date.parse(moved.end), old.uid);
  checkUniqueKey(request, moved.uniqueKey, old.uid);
  giveIds(request.world, moved);
  const event =
    moved.status === 'accepted'
      ? bookingRescheduled(state, structuredClone(old), moved, request.now)
      : bookingRequested(state, moved, request.now, request.world.newUuid());
  return {
    status: 201,
    events: [event],
    commit: () => {
      checkMovable(request, old, eventType);
      checkUniqueKey(request, moved.uniqueKey, old.uid);
      const { rescheduledByEmail } = moved;
      Object.assign(old, {
        status: 'cancelled',
        uniqueKey: null,
        rescheduledToUid: moved.uid,
        updatedAt: moved.updatedAt,
      });
      if (rescheduledByEmail !== undefined) old.rescheduledByEmail = rescheduledByEmail;
      state.bookings.push(moved);
      request.world.touch(old, moved);
      return { status: 'success', data: presentNew(request, moved) };
    },
  };
};

function checkCancellable(request: ApiRequest, booking: Booking): void {
  if (booking.status === 'cancelled') {
    throw nestFailure(
      400,
      `Can't cancel booking with uid=${booking.uid} because it has been cancelled already. Please provide uid of a booking that is not cancelled.`,
    );
  }
  if (Date.parse(booking.end) <= request.now.getTime()) {
    throw rawFailure(400, 'Cannot cancel a booking that has already ended');
  }
}

/** `POST /v2/bookings/{bookingUid}/cancel`: the host must give a reason. */
export const cancelBooking: ApiHandler = (request): ApiOutcome => {
  checkBookingBody(request, 'cancel');
  const { state } = request.world;
  const uid = request.params['bookingUid'] ?? '';
  const booking = findBooking(state, uid);
  if (booking === undefined) throw nestFailure(404, `Booking with uid=${uid} not found`);
  checkCancellable(request, booking);
  const eventType = state.eventTypes.find((type) => type.id === booking.eventTypeId);
  if (eventType?.disableCancelling['disabled'] === true) {
    throw rawFailure(400, 'This event does not allow cancellations');
  }
  const reason = request.body['cancellationReason'];
  const given = typeof reason === 'string' ? reason.trim() : '';
  const host = isHost(request.caller, booking.hostId);
  if (hasSeats(booking) && (!host || request.body['seatUid'] !== undefined)) return cancelSeat(request, booking, given);
  if (host && given === '') throw rawFailure(400, 'Cancellation reason is required');
  const changes = {
    status: 'cancelled' as const,
    cancellationReason: given,
    cancelledByEmail: request.caller?.email ?? request.actor ?? '',
    uniqueKey: null,
    updatedAt: request.now.toISOString(),
  };
  return {
    status: 200,
    events: [bookingCancelled(state, { ...booking, ...changes }, request.now)],
    commit: () => {
      checkCancellable(request, booking);
      Object.assign(booking, changes);
      request.world.touch(booking);
      return { status: 'success', data: presentBooking(state, booking) };
    },
  };
};
