import type { Account, EventType, SandboxState, Schedule } from './types.ts';

/** The weekly hours that Cal.com gives a new schedule. */
export const DEFAULT_AVAILABILITY = [
  { days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'], startTime: '09:00', endTime: '17:00' },
];

/** A new account with its default schedule, both added to the state. */
export function addAccount(
  state: SandboxState,
  profile: Pick<Account, 'username' | 'email' | 'name' | 'timeZone'>,
): Account {
  const schedule: Schedule = {
    id: state.nextId.schedule++,
    ownerId: state.nextId.user++,
    name: 'Working hours',
    timeZone: profile.timeZone,
    availability: structuredClone(DEFAULT_AVAILABILITY),
    overrides: [],
  };
  const account: Account = {
    ...profile,
    id: schedule.ownerId,
    avatarUrl: null,
    bio: null,
    timeFormat: 24,
    defaultScheduleId: schedule.id,
    weekStart: 'Monday',
    locale: 'en',
    metadata: {},
  };
  state.users.push(account);
  state.schedules.push(schedule);
  return account;
}

/** An event type with the defaults of the service; lengths and notice are minutes. */
export function makeEventType(
  base: Pick<EventType, 'id' | 'ownerId' | 'createdAt' | 'title' | 'slug' | 'lengthInMinutes'>,
): EventType {
  return {
    ...base,
    lengthInMinutesOptions: null,
    description: '',
    scheduleId: null,
    hidden: false,
    disableGuests: false,
    minimumBookingNotice: 120,
    beforeEventBuffer: 0,
    afterEventBuffer: 0,
    slotInterval: null,
    offsetStart: 0,
    bookingLimitsCount: { disabled: true },
    bookingLimitsDuration: { disabled: true },
    bookingWindow: { disabled: true },
    confirmationPolicy: { disabled: true },
    seats: { disabled: true },
    recurrence: null,
    locations: [{ type: 'integration', integration: 'cal-video' }],
    customFields: [],
    bookingRequiresAuthentication: false,
    disableCancelling: { disabled: false },
    disableRescheduling: { disabled: false },
    allowReschedulingPastBookings: false,
    bookerActiveBookingsLimit: { disabled: true },
    others: {},
  };
}

/** The state of a fresh sandbox: one account, its default schedule and one public event type of 30 minutes. */
export function seedState(now: Date, seed: number): SandboxState {
  const state: SandboxState = {
    formatVersion: 1,
    uidState: seed >>> 0,
    nextId: { user: 4012, schedule: 771, eventType: 9001, booking: 55012 },
    users: [],
    schedules: [],
    eventTypes: [],
    bookings: [],
    reservations: [],
    webhooks: [],
  };
  const owner = addAccount(state, {
    username: 'daybook-sandbox',
    email: 'sandbox@daybook.example',
    name: 'Daybook Sandbox',
    timeZone: 'Europe/Luxembourg',
  });
  const id = state.nextId.eventType++;
  state.eventTypes.push(
    makeEventType({
      id,
      ownerId: owner.id,
      createdAt: now.toISOString(),
      title: 'Consultation',
      slug: 'consultation',
      lengthInMinutes: 30,
    }),
  );
  return state;
}
