import { hasSeats } from './bookings.ts';
import { accountOf } from './store.ts';
import type { Account, Attendee, Booking, EventType, SandboxState } from './types.ts';

/** One event to be delivered to every matching subscription. */
export type WebhookEvent = {
  trigger: string;
  hostId: number;
  eventTypeId: number | null;
  /** UTC ISO 8601. */
  createdAt: string;
  payload: Record<string, unknown>;
};

function utcOffsetMinutes(zone: string, instant: string): number {
  const zoned = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return Math.round(zoned.offsetNanoseconds / 60_000_000_000);
}

function withoutMillis(instant: string): string {
  return instant.replace(/\.\d{3}Z$/, 'Z');
}

function person(attendee: Attendee, start: string): Record<string, unknown> {
  return {
    email: attendee.email,
    name: attendee.name,
    firstName: '',
    lastName: '',
    timeZone: attendee.timeZone,
    language: { locale: attendee.language },
    utcOffset: utcOffsetMinutes(attendee.timeZone, start),
  };
}

function organizer(host: Account, start: string): Record<string, unknown> {
  return {
    id: host.id,
    name: host.name,
    email: host.email,
    username: host.username,
    timeZone: host.timeZone,
    language: { locale: host.locale },
    timeFormat: host.timeFormat === 24 ? 'HH:mm' : 'h:mma',
    utcOffset: utcOffsetMinutes(host.timeZone, start),
  };
}

function responses(booking: Booking): Record<string, unknown> {
  const first = booking.attendees[0];
  return {
    name: { label: 'your_name', value: first?.name ?? '', isHidden: false },
    email: { label: 'email_address', value: first?.email ?? '', isHidden: false },
  };
}

function basePayload(state: SandboxState, booking: Booking, eventType: EventType | undefined): Record<string, unknown> {
  const host = accountOf(state, booking.hostId);
  return {
    bookerUrl: 'https://cal.com',
    type: booking.eventTypeSlug,
    title: booking.title,
    description: booking.description,
    additionalNotes: '',
    customInputs: {},
    startTime: withoutMillis(booking.start),
    endTime: withoutMillis(booking.end),
    eventTypeId: booking.eventTypeId,
    organizer: organizer(host, booking.start),
    // Of a booking with seats only the newest seat is told.
    attendees: (hasSeats(booking) ? booking.attendees.slice(-1) : booking.attendees).map((attendee) =>
      person(attendee, booking.start),
    ),
    responses: responses(booking),
    userFieldsResponses: {},
    location: booking.location,
    destinationCalendar: null,
    iCalUID: booking.icsUid,
    iCalSequence: 0,
    uid: booking.uid,
    bookingId: booking.id,
    eventTitle: eventType?.title ?? '',
    eventDescription: eventType?.description ?? null,
    price: eventType?.price ?? 0,
    currency: 'usd',
    length: (Date.parse(booking.end) - Date.parse(booking.start)) / 60_000,
  };
}

function wrap(trigger: string, booking: Booking, now: Date, payload: Record<string, unknown>): WebhookEvent {
  return { trigger, hostId: booking.hostId, eventTypeId: booking.eventTypeId, createdAt: now.toISOString(), payload };
}

function eventTypeOf(state: SandboxState, booking: Booking): EventType | undefined {
  return state.eventTypes.find((type) => type.id === booking.eventTypeId);
}

/** A booking was accepted. Confirming a pending one loses the caller's metadata: `metadata` is then empty. */
export function bookingCreated(state: SandboxState, booking: Booking, now: Date, confirmed: boolean): WebhookEvent {
  const base = basePayload(state, booking, eventTypeOf(state, booking));
  const metadata = confirmed ? {} : booking.metadata;
  return wrap('BOOKING_CREATED', booking, now, { ...base, requiresConfirmation: false, metadata, status: 'ACCEPTED' });
}

/** A booking waits for confirmation; after a move it names the old uid. */
export function bookingRequested(
  state: SandboxState,
  booking: Booking,
  now: Date,
  oneTimePassword: string,
): WebhookEvent {
  const base = basePayload(state, booking, eventTypeOf(state, booking));
  const moved = booking.rescheduledFromUid === undefined ? {} : { rescheduleUid: booking.rescheduledFromUid };
  const extra = { requiresConfirmation: true, metadata: booking.metadata, status: 'PENDING', oneTimePassword };
  return wrap('BOOKING_REQUESTED', booking, now, { ...base, ...extra, ...moved });
}

/** A booking moved: uid and id are the new ones, the `reschedule…` members the old ones. */
export function bookingRescheduled(state: SandboxState, old: Booking, moved: Booking, now: Date): WebhookEvent {
  return wrap('BOOKING_RESCHEDULED', moved, now, {
    ...basePayload(state, moved, eventTypeOf(state, moved)),
    rescheduleUid: old.uid,
    rescheduleId: old.id,
    rescheduleStartTime: withoutMillis(old.start),
    rescheduleEndTime: withoutMillis(old.end),
    rescheduledBy: moved.rescheduledByEmail ?? null,
    requiresConfirmation: false,
    metadata: moved.metadata,
    status: 'ACCEPTED',
  });
}

/** A booking was cancelled: offset written `+00:00`, no metadata. */
export function bookingCancelled(state: SandboxState, booking: Booking, now: Date): WebhookEvent {
  const plus = (instant: string): string => instant.replace(/\.\d{3}Z$/, '+00:00');
  return wrap('BOOKING_CANCELLED', booking, now, {
    ...basePayload(state, booking, eventTypeOf(state, booking)),
    startTime: plus(booking.start),
    endTime: plus(booking.end),
    cancellationReason: booking.cancellationReason,
    cancelledBy: booking.cancelledByEmail,
    requestReschedule: false,
    status: 'CANCELLED',
  });
}

/** A pending booking was declined. */
export function bookingRejected(state: SandboxState, booking: Booking, now: Date): WebhookEvent {
  return wrap('BOOKING_REJECTED', booking, now, {
    ...basePayload(state, booking, eventTypeOf(state, booking)),
    metadata: booking.metadata,
    rejectionReason: booking.cancellationReason,
    status: 'REJECTED',
  });
}

/** Somebody was marked absent; the payload is nothing but that. */
export function noShowUpdated(
  booking: Booking,
  attendees: { email: string; noShow: boolean }[],
  now: Date,
): WebhookEvent {
  const message = attendees.map((one) => `${one.email} marked as ${one.noShow ? '' : 'not '}no-show`).join(', ');
  return wrap('BOOKING_NO_SHOW_UPDATED', booking, now, {
    message,
    attendees,
    bookingUid: booking.uid,
    bookingId: booking.id,
  });
}

/** A booking that costs something waits for its money. */
export function paymentInitiated(state: SandboxState, booking: Booking, now: Date): WebhookEvent {
  const base = basePayload(state, booking, eventTypeOf(state, booking));
  const extra = { requiresConfirmation: false, metadata: booking.metadata, status: 'PENDING', paymentId: booking.id };
  return wrap('BOOKING_PAYMENT_INITIATED', booking, now, { ...base, ...extra });
}

/** The money has come. */
export function bookingPaid(state: SandboxState, booking: Booking, now: Date): WebhookEvent {
  const base = basePayload(state, booking, eventTypeOf(state, booking));
  const extra = {
    requiresConfirmation: false,
    metadata: {},
    status: booking.status.toUpperCase(),
    paymentId: booking.id,
  };
  return wrap('BOOKING_PAID', booking, now, { ...base, ...extra });
}
