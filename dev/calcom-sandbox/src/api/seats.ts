import { hasOpenSeat, seatsOf } from '../engine/availability.ts';
import { giveIds, presentBooking } from '../engine/bookings.ts';
import type { Attendee, Booking, EventType } from '../engine/types.ts';
import { bookingCancelled, bookingCreated, bookingRescheduled } from '../engine/webhook-events.ts';
import { nestFailure, rawFailure } from '../http/errors.ts';
import type { ApiOutcome, ApiRequest } from '../http/request.ts';
import { parseIso } from '../http/validation.ts';

/** Makes the one attendee of a draft the holder of a seat, with the draft's metadata and answers. */
export function giveSeat(request: ApiRequest, draft: Booking): void {
  const [attendee] = draft.attendees;
  if (attendee === undefined) return;
  const { metadata, bookingFieldsResponses } = draft;
  attendee.seat = { seatUid: request.world.newUuid(), metadata, bookingFieldsResponses };
  draft.metadata = {};
}

/** The seat that a create reply names: that of the person who came last. */
export function seatUidOf(booking: Booking): { seatUid?: string } {
  const seat = booking.attendees.at(-1)?.seat;
  return seat === undefined ? {} : { seatUid: seat.seatUid };
}

/**
 * One more person for a time that others have booked already; null when nobody has. Throws a raw 409 when the seats are taken or
 * the person has one.
 */
export function joinSharedTime(request: ApiRequest, eventType: EventType, draft: Booking): ApiOutcome | null {
  const { state } = request.world;
  const shared = state.bookings.find(
    (other) => other.eventTypeId === eventType.id && other.status === 'accepted' && other.start === draft.start,
  );
  const [attendee] = draft.attendees;
  if (shared === undefined || attendee === undefined || seatsOf(eventType) === null) return null;
  const check = (): void => {
    if (shared.attendees.some((other) => other.email === attendee.email)) {
      throw rawFailure(409, 'already_signed_up_for_this_booking_error');
    }
    if (!hasOpenSeat(eventType, shared)) throw rawFailure(409, 'booking_seats_full_error');
  };
  check();
  giveSeat(request, draft);
  return {
    status: 201,
    events: [bookingCreated(state, { ...shared, attendees: [attendee] }, request.now, false)],
    commit: () => {
      check();
      shared.attendees.push(attendee);
      shared.updatedAt = request.now.toISOString();
      request.world.touch(shared);
      const data = { ...presentBooking(state, shared), ...seatUidOf(shared), isPlatformManagedUserBooking: false };
      return { status: 'success', data };
    },
  };
}

/**
 * Moves one seat: into the booking that others share at that time, or into a new one that names the booking it left. The
 * others stay; a booking that its last seat leaves is cancelled, with a link where a booking of its own took its place.
 * @param draft checks the new time and drafts the booking of whoever moves there alone
 */
export function moveSeat(
  request: ApiRequest,
  old: Booking,
  eventType: EventType,
  draft: (holder: Attendee) => Booking,
): ApiOutcome {
  const { state } = request.world;
  const { seatUid } = request.body;
  if (typeof seatUid !== 'string') throw nestFailure(400, 'seatUid is required to move a booking with seats.');
  const holder = old.attendees.find((attendee) => attendee.seat?.seatUid === seatUid);
  if (holder === undefined) throw nestFailure(404, `Seat with uid=${seatUid} was not found in booking ${old.uid}`);
  const start = new Date(parseIso(request.body['start']) ?? 0).toISOString();
  const shared = state.bookings.find(
    (other) =>
      other !== old && other.eventTypeId === eventType.id && other.status === 'accepted' && other.start === start,
  );
  if (shared && !hasOpenSeat(eventType, shared)) throw rawFailure(409, 'booking_seats_full_error');
  const target = shared ?? draft(holder);
  if (!shared) giveIds(request.world, target);
  const told = { ...target, attendees: [holder] };
  return {
    status: 201,
    events: [bookingRescheduled(state, structuredClone(old), told, request.now)],
    commit: () => {
      const now = request.now.toISOString();
      old.attendees = old.attendees.filter((attendee) => attendee !== holder);
      old.updatedAt = now;
      if (old.attendees.length === 0) {
        // Nobody is left to be shown; who moved is kept as the one who was here.
        Object.assign(old, { status: 'cancelled', uniqueKey: null, attendees: [holder] });
        if (!shared) old.rescheduledToUid = target.uid;
      }
      if (shared) shared.attendees.push(holder);
      else state.bookings.push(target);
      target.updatedAt = now;
      request.world.touch(old, target);
      const data = { ...presentBooking(state, target), seatUid, isPlatformManagedUserBooking: false };
      return { status: 'success', data };
    },
  };
}

/** Gives one seat up; the booking is cancelled with its last one. Throws 400 without a seat and 404 for an unknown one. */
export function cancelSeat(request: ApiRequest, booking: Booking, reason: string): ApiOutcome {
  const { state } = request.world;
  const { seatUid } = request.body;
  if (typeof seatUid !== 'string') throw nestFailure(400, 'seatUid is required to cancel a seat of a seated booking.');
  const leaving = booking.attendees.find((attendee) => attendee.seat?.seatUid === seatUid);
  if (leaving === undefined) throw nestFailure(404, `Seat with uid=${seatUid} was not found in booking ${booking.uid}`);
  const told = { ...booking, attendees: [leaving], cancellationReason: reason, cancelledByEmail: leaving.email };
  return {
    status: 200,
    events: [bookingCancelled(state, told, request.now)],
    commit: () => {
      const left = booking.attendees.filter((attendee) => attendee !== leaving);
      const changes =
        left.length > 0
          ? { attendees: left }
          : { status: 'cancelled' as const, cancellationReason: reason, uniqueKey: null };
      Object.assign(booking, changes, { updatedAt: request.now.toISOString() });
      request.world.touch(booking);
      return { status: 'success', data: presentBooking(state, booking) };
    },
  };
}
