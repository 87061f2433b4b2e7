import type { Appointment, AppointmentDetails } from '@daybook/http-contract/appointments';
import type { Availability } from '@daybook/http-contract/availability';
import type { CalendarConnection } from '@daybook/http-contract/calendar-connections';
import type { AppointmentType, ListedCustomer, Practice, Provider } from '@daybook/http-contract/practice';
import type { User } from '@daybook/http-contract/session';

/** A UUID that tells which it is. */
export function uuidOf(number: number): string {
  return `11111111-1111-4111-8111-${String(number).padStart(12, '0')}`;
}

/** The zone of the practice in tests: far enough from UTC to show a mistake. */
export const zone = 'America/New_York';

/** The owner. */
export const owner: User = {
  id: uuidOf(1),
  organizationId: uuidOf(2),
  username: 'owner',
  fullName: 'Clara Miller',
  roles: ['owner'],
};

/** The provider. */
export const provider: Provider = { id: uuidOf(3), name: 'Clara Miller', color: '#0f766e', timeZone: zone };

/** The default type. */
export const consultation: AppointmentType = {
  id: uuidOf(4),
  name: 'Consultation',
  slug: 'consultation',
  durationsMinutes: [30, 60],
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  minimumNoticeMinutes: 0,
  horizonDays: 183,
  slotStepMinutes: 15,
  color: '#0f766e',
  isDefault: true,
  archived: false,
  version: 1,
};

/** A known customer. */
export const ann: ListedCustomer = {
  id: uuidOf(5),
  name: 'Ann Lee',
  email: 'ann@example.org',
  phone: '+12125550100',
  notes: '',
  version: 1,
  summary: { appointmentCount: 2, noShowCount: 0, cancelledCount: 0 },
};

/** An appointment on Thursday 4 June 2099, 10:00 in New York. */
export function makeAppointment(changes: Partial<Appointment> = {}): Appointment {
  return {
    id: uuidOf(10),
    providerId: provider.id,
    appointmentType: { id: consultation.id, name: consultation.name, color: consultation.color },
    customer: { id: ann.id, name: ann.name, email: 'ann@example.org', phone: '+12125550100' },
    start: '2099-06-04T10:00:00-04:00',
    end: '2099-06-04T10:30:00-04:00',
    durationMinutes: 30,
    status: 'scheduled',
    notes: 'Brings papers',
    override: false,
    version: 3,
    createdAt: '2026-06-01T08:00:00Z',
    updatedAt: '2026-06-01T08:00:00Z',
    sync: { state: 'in_step', calcomBookingUid: 'uid', syncedAt: '2026-06-01T08:00:02Z' },
    ...changes,
  };
}

/** The same with its history. */
export function makeDetails(changes: Partial<Appointment> = {}): AppointmentDetails {
  const appointment = makeAppointment(changes);
  return {
    ...appointment,
    history: [
      {
        version: 1,
        action: 'booked',
        at: '2026-06-01T08:00:00Z',
        actor: owner.id,
        start: appointment.start,
        end: appointment.end,
        status: 'scheduled',
        override: false,
      },
    ],
  };
}

/** Monday 9-17. */
export function makeRules(changes: Partial<Availability> = {}): Availability {
  return {
    providerId: provider.id,
    version: 7,
    timeZone: zone,
    weekly: [{ day: 'monday', start: '09:00', end: '17:00' }],
    overrides: [],
    free: [],
    open: [],
    ...changes,
  };
}

/** A connection that was made in the app and works. */
export function makeConnection(changes: Partial<CalendarConnection> = {}): CalendarConnection {
  return {
    id: uuidOf(60),
    target: 'calcom',
    state: 'connected',
    baseUrl: 'https://api.cal.com/v2',
    accountName: 'Clara Miller',
    pending: 0,
    parked: 0,
    oldestPendingSeconds: 0,
    attendeeAddresses: 'placeholder',
    managedByOperator: false,
    ...changes,
  };
}

/** The practice's own particulars, with changes. */
export function makePractice(changes: Partial<Practice> = {}): Practice {
  return { name: 'Miller Practice', guideStepsDone: [], version: 4, ...changes };
}
