import { accountOf } from './store.ts';
import type { World } from './store.ts';
import type { Attendee, Booking, EventType, SandboxState } from './types.ts';

/** Finds a booking by its uid. */
export function findBooking(state: SandboxState, uid: string): Booking | undefined {
  return state.bookings.find((booking) => booking.uid === uid);
}

/** The key that keeps two accepted bookings of one host from sharing start and end. */
export function uniqueKeyOf(booking: Pick<Booking, 'start' | 'end' | 'hostId'>): string {
  return `${booking.start}|${booking.end}|${booking.hostId}`;
}

/** Whether an event type wants a confirmation for a booking at this notice (instants in epoch milliseconds). */
export function needsConfirmation(eventType: EventType, start: number, now: number): boolean {
  const { type, disabled, noticeThreshold } = eventType.confirmationPolicy;
  if (disabled === true || type === undefined) return false;
  if (type !== 'time') return true;
  const { unit, count } = (noticeThreshold ?? {}) as { unit?: string; count?: number };
  const minutes = (count ?? 0) * (unit === 'hours' ? 60 : unit === 'days' ? 1440 : 1);
  return start - now < minutes * 60_000;
}

function presentAttendee({ seat, ...attendee }: Attendee): Record<string, unknown> {
  return { ...attendee, displayEmail: attendee.email, ...seat };
}

/** A booking as the API shows it; absent members are left out, not null. Seats carry their own metadata and answers. */
export function presentBooking(state: SandboxState, booking: Booking): Record<string, unknown> {
  const host = accountOf(state, booking.hostId);
  const { hostId: _host, uniqueKey: _key, paid: _paid, eventTypeSlug, guests, ...shown } = booking;
  const presented = {
    ...shown,
    rescheduledByEmail: booking.rescheduledByEmail ?? null,
    hosts: [
      {
        id: host.id,
        name: host.name,
        email: host.email,
        displayEmail: host.email,
        username: host.username,
        timeZone: host.timeZone,
      },
    ],
    duration: (Date.parse(booking.end) - Date.parse(booking.start)) / 60_000,
    eventType: { id: booking.eventTypeId, slug: eventTypeSlug },
    meetingUrl: booking.location,
    rating: null,
    attendees: booking.attendees.map(presentAttendee),
    ...(guests.length > 0 ? { guests } : {}),
  };
  if (!hasSeats(booking)) return structuredClone(presented);
  const { bookingFieldsResponses: _responses, ...seated } = presented;
  return structuredClone(seated);
}

/** Whether the people of a booking hold seats. */
export function hasSeats(booking: Booking): boolean {
  return booking.attendees.some((attendee) => attendee.seat !== undefined);
}

/** Gives ids only when the booking is sure to be made, so that refused requests do not shift later ids. */
export function giveIds(world: World, booking: Booking): void {
  booking.id = world.state.nextId.booking++;
  booking.uid = world.newUid();
  if (booking.icsUid === '') booking.icsUid = `${booking.uid}@Cal.com`;
}

/** Where a video booking can be joined; the location turns into it shortly after creation. */
export function settleLocation(booking: Booking): void {
  if (booking.location === 'integrations:daily') booking.location = `https://app.cal.com/video/${booking.uid}`;
}
