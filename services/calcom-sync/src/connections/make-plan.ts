import type { PlannedAppointment, WantedThere } from '../db/plan-repository.ts';

/** What a line of a plan would do. */
export type PlanAction =
  | 'create_event_type'
  | 'adopt_event_type'
  | 'create_schedule'
  | 'adopt_schedule'
  | 'create_booking'
  | 'adopt_booking'
  | 'take_in_booking'
  | 'clash';

/** One line; instants are epoch milliseconds, ids are empty where there is none. */
export type PlannedStep = {
  action: PlanAction;
  subject: string;
  start: number | undefined;
  end: number | undefined;
  ourId: string;
  theirId: string;
};

/** A booking that stands there; instants are epoch milliseconds. */
export type StandingThere = {
  uid: string;
  start: number;
  minutes: number;
  title: string;
  /** The appointment of ours it carries; empty if none. */
  appointmentId: string;
};

/** What is there now, hosted by the account. */
export type FoundThere = {
  eventTypes: readonly { id: string; slug: string }[];
  schedules: readonly { id: string; name: string }[];
  bookings: readonly StandingThere[];
};

/** The names of what every connection needs besides what mirrors something of ours. */
export type OwnNames = { hiddenSlug: string; alwaysOpen: string };

const MINUTE = 60_000;
const order: readonly PlanAction[] = [
  'clash',
  'take_in_booking',
  'adopt_booking',
  'create_booking',
  'adopt_event_type',
  'create_event_type',
  'adopt_schedule',
  'create_schedule',
];

/** What starting would do, by action and start. What is known to stand there already makes no line. */
export function makePlan(ours: WantedThere, there: FoundThere, own: OwnNames): PlannedStep[] {
  const steps = [...planTypes(ours, there, own), ...planSchedules(ours, there, own), ...planBookings(ours, there)];
  return steps.toSorted((a, b) => order.indexOf(a.action) - order.indexOf(b.action) || (a.start ?? 0) - (b.start ?? 0));
}

function planTypes({ types }: WantedThere, { eventTypes }: FoundThere, own: OwnNames): PlannedStep[] {
  const steps: PlannedStep[] = [];
  for (const { id, offer, eventTypeId } of types) {
    if (offer.archived || eventTypes.some((each) => each.id === eventTypeId)) continue;
    const slug = offer.slug === own.hiddenSlug ? `${offer.slug}-type` : offer.slug;
    const theirs = eventTypes.find((each) => each.slug === slug);
    steps.push(untimed(theirs ? 'adopt_event_type' : 'create_event_type', offer.name, id, theirs?.id));
  }
  if (!eventTypes.some(({ slug }) => slug === own.hiddenSlug)) {
    steps.push(
      untimed('create_event_type', `${own.hiddenSlug} (hidden, for appointments outside the offered hours)`, ''),
    );
  }
  return steps;
}

function planSchedules(ours: WantedThere, { schedules }: FoundThere, own: OwnNames): PlannedStep[] {
  const steps: PlannedStep[] = [];
  for (const { providerId, name, scheduleId } of ours.schedules) {
    if (schedules.some(({ id }) => id === scheduleId)) continue;
    const theirs = schedules.find((each) => each.name === name);
    steps.push(untimed(theirs ? 'adopt_schedule' : 'create_schedule', name, providerId, theirs?.id));
  }
  if (!schedules.some(({ name }) => name === own.alwaysOpen))
    steps.push(untimed('create_schedule', own.alwaysOpen, ''));
  return steps;
}

function planBookings({ appointments }: WantedThere, { bookings }: FoundThere): PlannedStep[] {
  const byAppointment = new Map(bookings.map((booking) => [booking.appointmentId, booking]));
  const known = new Set(appointments.map(({ standingUid }) => standingUid));
  const steps: PlannedStep[] = [];
  for (const appointment of appointments) {
    if (bookings.some(({ uid }) => uid === appointment.standingUid)) continue;
    const theirs = byAppointment.get(appointment.appointmentId);
    steps.push({
      action: theirs ? 'adopt_booking' : 'create_booking',
      subject: appointment.customerName,
      ...spanOf(appointment),
      ourId: appointment.appointmentId,
      theirId: theirs?.uid ?? '',
    });
  }
  const ourIds = new Set(appointments.map(({ appointmentId }) => appointmentId));
  for (const booking of bookings) {
    if (known.has(booking.uid) || ourIds.has(booking.appointmentId)) continue;
    const against = appointments.find((appointment) => overlaps(appointment, booking));
    steps.push({
      action: against ? 'clash' : 'take_in_booking',
      subject: booking.title,
      ...spanOf(booking),
      ourId: against?.appointmentId ?? '',
      theirId: booking.uid,
    });
  }
  return steps;
}

function untimed(action: PlanAction, subject: string, ourId: string, theirId = ''): PlannedStep {
  return { action, subject, start: undefined, end: undefined, ourId, theirId };
}

function spanOf({ start, minutes }: { start: number; minutes: number }): { start: number; end: number } {
  return { start, end: start + minutes * MINUTE };
}

function overlaps(appointment: PlannedAppointment, booking: StandingThere): boolean {
  const [one, other] = [spanOf(appointment), spanOf(booking)];
  return one.start < other.end && other.start < one.end;
}
