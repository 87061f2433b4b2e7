import { needsConfirmation, presentBooking } from '../engine/bookings.ts';
import type { Booking } from '../engine/types.ts';
import { bookingCreated, bookingPaid } from '../engine/webhook-events.ts';
import { nestFailure } from '../http/errors.ts';
import type { ApiOutcome, ApiRequest } from '../http/request.ts';

/**
 * The money for a booking comes: it is accepted unless its owner has to confirm it as well. Throws 400 when nothing is owed. The
 * real service learns this from the payment provider, so that it is no operation of the API.
 */
export function payBooking(request: ApiRequest, booking: Booking): ApiOutcome {
  const { state } = request.world;
  if (booking.paid !== false || booking.status !== 'pending') throw nestFailure(400, 'Nothing is to be paid');
  const eventType = state.eventTypes.find((type) => type.id === booking.eventTypeId);
  const confirm =
    eventType !== undefined && needsConfirmation(eventType, Date.parse(booking.start), request.now.getTime());
  const status = confirm ? ('pending' as const) : ('accepted' as const);
  const after = { ...booking, status, paid: true };
  return {
    status: 200,
    events: [
      bookingPaid(state, after, request.now),
      ...(confirm ? [] : [bookingCreated(state, after, request.now, true)]),
    ],
    commit: () => {
      // No unique key: only bookings that were accepted as they were made have one.
      Object.assign(booking, { status, paid: true, updatedAt: request.now.toISOString() });
      request.world.touch(booking);
      return { status: 'success', data: presentBooking(state, booking) };
    },
  };
}
