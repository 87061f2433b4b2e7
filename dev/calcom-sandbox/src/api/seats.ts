import { hasOpenSeat, seatsOf } from '../engine/availability.ts';
import { presentBooking } from '../engine/bookings.ts';
import type { Booking, EventType } from '../engine/types.ts';
import { bookingCancelled, bookingCreated } from '../engine/webhook-events.ts';
import { nestFailure, rawFailure } from '../http/errors.ts';
import type { ApiOutcome, ApiRequest } from '../http/request.ts';

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
