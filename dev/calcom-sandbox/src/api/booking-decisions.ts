import { isFree } from '../engine/availability.ts';
import { presentBooking } from '../engine/bookings.ts';
import type { Booking } from '../engine/types.ts';
import { bookingCreated, bookingRejected, noShowUpdated } from '../engine/webhook-events.ts';
import { nestFailure, procedureFailure, validationFailure } from '../http/errors.ts';
import { callerOf } from '../http/request.ts';
import type { ApiHandler, ApiRequest } from '../http/request.ts';
import { bool, findProblems, listOf, objectOf, optional, text } from '../http/validation.ts';
import { requireBooking } from './bookings.ts';

function requireHostedBooking(request: ApiRequest): Booking {
  const booking = requireBooking(request);
  if (booking.hostId !== callerOf(request).id) {
    throw procedureFailure(403, `User does not have permission to change booking with uid=${booking.uid}`);
  }
  return booking;
}

/** `POST /v2/bookings/{bookingUid}/confirm`: a pending booking becomes accepted (without a unique key). */
export const confirmBooking: ApiHandler = (request) => {
  const booking = requireHostedBooking(request);
  const { state } = request.world;
  if (booking.status === 'accepted') throw procedureFailure(400, 'Booking already confirmed');
  if (booking.status !== 'pending') throw procedureFailure(400, `Booking is ${booking.status} and cannot be confirmed`);
  const eventType = state.eventTypes.find((type) => type.id === booking.eventTypeId);
  const during = { start: Date.parse(booking.start), end: Date.parse(booking.end) };
  if (eventType !== undefined && !isFree(state, eventType, during, booking.uid)) {
    throw procedureFailure(400, 'User either already has booking at this time or is not available');
  }
  return {
    status: 200,
    events: [bookingCreated(state, { ...booking, status: 'accepted' }, request.now, true)],
    commit: () => {
      Object.assign(booking, { status: 'accepted', updatedAt: request.now.toISOString() });
      request.world.touch(booking);
      return { status: 'success', data: presentBooking(state, booking) };
    },
  };
};

/** `POST /v2/bookings/{bookingUid}/decline`: a pending booking is rejected. */
export const declineBooking: ApiHandler = (request) => {
  const problems = findProblems(request.body, { reason: optional(text) }, false);
  if (problems.length > 0) throw validationFailure(problems);
  const booking = requireHostedBooking(request);
  if (booking.status === 'accepted') throw procedureFailure(400, 'Booking already confirmed');
  if (booking.status !== 'pending') throw procedureFailure(400, `Booking is ${booking.status} and cannot be declined`);
  const { state } = request.world;
  const reason = typeof request.body['reason'] === 'string' ? request.body['reason'] : '';
  const changes = { status: 'rejected' as const, cancellationReason: reason, uniqueKey: null };
  return {
    status: 200,
    events: [bookingRejected(state, { ...booking, ...changes }, request.now)],
    commit: () => {
      Object.assign(booking, changes, { updatedAt: request.now.toISOString() });
      request.world.touch(booking);
      return { status: 'success', data: presentBooking(state, booking) };
    },
  };
};

/** `POST /v2/bookings/{bookingUid}/mark-absent`: only once the booking has started. */
export const markAbsent: ApiHandler = (request) => {
  const attendee = objectOf({ email: text, absent: bool }, false);
  const problems = findProblems(request.body, { host: optional(bool), attendees: optional(listOf(attendee)) }, false);
  if (problems.length > 0) throw validationFailure(problems);
  const booking = requireBooking(request);
  if (booking.hostId !== callerOf(request).id) {
    throw nestFailure(403, `User is not a host of booking with uid=${booking.uid}`);
  }
  if (Date.parse(booking.start) > request.now.getTime()) {
    throw nestFailure(
      400,
      `Bookings can only be marked as absent after their start time. Current time in UTC+0: ${request.now.toISOString()}, Booking start time in UTC+0: ${booking.start}`,
    );
  }
  const { host, attendees } = request.body as { host?: boolean; attendees?: { email: string; absent: boolean }[] };
  const marks = attendees ?? [];
  const { state } = request.world;
  return {
    status: 200,
    events: [
      noShowUpdated(
        booking,
        marks.map((mark) => ({ email: mark.email, noShow: mark.absent })),
        request.now,
      ),
    ],
    commit: () => {
      if (host !== undefined) booking.absentHost = host;
      for (const mark of marks) {
        const found = booking.attendees.find((candidate) => candidate.email === mark.email);
        if (found !== undefined) found.absent = mark.absent;
      }
      booking.updatedAt = request.now.toISOString();
      request.world.touch(booking);
      return { status: 'success', data: presentBooking(state, booking) };
    },
  };
};
