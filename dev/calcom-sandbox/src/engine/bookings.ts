import { accountOf } from './store.ts';
import type { Booking, EventType, SandboxState } from './types.ts';

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

/** A booking as the API shows it; absent members are left out, not null. */
export function presentBooking(state: SandboxState, booking: Booking): Record<string, unknown> {
  const host = accountOf(state, booking.hostId);
  const { hostId: _host, uniqueKey: _key, eventTypeSlug, guests, ...shown } = booking;
  return structuredClone({
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
    attendees: booking.attendees.map((attendee) => ({ ...attendee, displayEmail: attendee.email })),
    ...(guests.length > 0 ? { guests } : {}),
  });
}

/** Where a video booking can be joined; the location turns into it shortly after creation. */
export function settleLocation(booking: Booking): void {
  if (booking.location === 'integrations:daily') booking.location = `https://app.cal.com/video/${booking.uid}`;
}
