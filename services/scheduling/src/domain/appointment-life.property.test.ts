import fc from 'fast-check';
import { type Appointment, type AppointmentFact, book, cancel, change } from './appointment.ts';
import { type AppointmentType, defaultAppointmentType } from './appointment-type.ts';
import { type Attendance, ownsItsTime, recordAttendance, restore } from './attendance.ts';
import { newCustomer } from './customer.ts';
import { applyExternalChange } from './external-change.ts';
import { MINUTE } from './zone-offsets.ts';

/** One thing that can happen to an appointment. Starts are in hours after its first start. */
type Step =
  | { do: 'move'; hours: number; stale: boolean }
  | { do: 'lengthen'; minutes: number }
  | { do: 'note'; notes: string }
  | { do: 'cancel'; stale: boolean }
  | { do: 'restore' }
  | { do: 'attend'; attendance: Attendance }
  | { do: 'move there'; hours: number; stale: boolean }
  | { do: 'cancel there'; stale: boolean }
  | { do: 'attend there'; attendance: 'no_show' | 'expected' }
  | { do: 'wait'; hours: number };

const hours = fc.integer({ min: -6, max: 30 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('move' as const), hours, stale: fc.boolean() }),
  fc.record({ do: fc.constant('lengthen' as const), minutes: fc.constantFrom(15, 30, 45, 60) }),
  fc.record({ do: fc.constant('note' as const), notes: fc.constantFrom('', 'a', 'b') }),
  fc.record({ do: fc.constant('cancel' as const), stale: fc.boolean() }),
  fc.record({ do: fc.constant('restore' as const) }),
  fc.record({
    do: fc.constant('attend' as const),
    attendance: fc.constantFrom<Attendance>('expected', 'arrived', 'completed', 'no_show'),
  }),
  fc.record({ do: fc.constant('move there' as const), hours, stale: fc.boolean() }),
  fc.record({ do: fc.constant('cancel there' as const), stale: fc.boolean() }),
  fc.record({
    do: fc.constant('attend there' as const),
    attendance: fc.constantFrom('no_show' as const, 'expected' as const),
  }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 0, max: 20 }) }),
);

const type: AppointmentType = { ...defaultAppointmentType, id: 't', organizationId: 'o', isDefault: true, version: 1 };
const customer = newCustomer('c', 'o', { name: 'Ann', email: '', phone: '', timeZone: '' });
const availability = {
  timeZone: 'UTC',
  weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute: 0, endMinute: 1440 })),
  overrides: [],
};
const HOUR = 60 * MINUTE;
const firstStart = Date.UTC(2027, 2, 27, 10);

function take(current: Appointment, step: Exclude<Step, { do: 'wait' }>, now: number): AppointmentFact | undefined {
  const expectedVersion = 'stale' in step && step.stale ? current.version + 7 : current.version;
  switch (step.do) {
    case 'move':
      return change(current, { start: firstStart + step.hours * HOUR }, expectedVersion, {
        availability,
        override: false,
        now,
      });
    case 'lengthen':
      return change(current, { durationMinutes: step.minutes }, 0, { availability, override: false, now });
    case 'note':
      return change(current, { notes: step.notes }, 0, { availability, override: false, now });
    case 'cancel':
      return cancel(current, { reason: 'ill', expectedVersion, now });
    case 'restore':
      return restore(current, { expectedVersion: 0, now });
    case 'attend':
      return recordAttendance(current, step.attendance, { expectedVersion: 0, now });
    case 'move there': {
      const start = firstStart + step.hours * HOUR;
      return applyExternalChange(
        current,
        { kind: 'moved', start, durationMinutes: 30, reason: '', expectedVersion },
        now,
      )?.fact;
    }
    case 'cancel there':
      return applyExternalChange(current, { kind: 'cancelled', reason: '', expectedVersion }, now)?.fact;
    case 'attend there':
      return applyExternalChange(current, { kind: 'attendance', attendance: step.attendance }, now)?.fact;
  }
}

const refusals = ['APPOINTMENT_NOT_CHANGEABLE', 'VERSION_CONFLICT', 'START_IN_PAST', 'BEYOND_HORIZON'];

/** Status → what may follow; anything else is a fault of the rules. */
const follows: Record<Appointment['status'], Appointment['status'][]> = {
  scheduled: ['scheduled', 'completed', 'no_show', 'cancelled'],
  completed: ['scheduled', 'completed', 'no_show'],
  no_show: ['scheduled', 'completed', 'no_show'],
  cancelled: ['scheduled'],
};

test('whatever happens in whatever order, an appointment stays lawful', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 25 }), (life) => {
      let now = firstStart - 5 * HOUR;
      const during = { start: firstStart, end: firstStart + 30 * MINUTE };
      let current = book({
        id: 'id',
        organizationId: 'o',
        providerId: 'p',
        type,
        customer,
        during,
        notes: '',
        override: false,
        now,
      }).appointment;
      for (const step of life) {
        if (step.do === 'wait') {
          now += step.hours * HOUR;
          continue;
        }
        let fact: AppointmentFact | undefined;
        try {
          fact = take(current, step, now);
        } catch (error) {
          // A refusal is one of the stated ones, and leaves everything as it was.
          expect(refusals).toContain((error as { code?: string }).code);
          continue;
        }
        if (!fact) continue;
        const next = fact.appointment;
        expect(next.version).toBe(current.version + 1);
        expect(next.updatedAt).toBe(now);
        expect(follows[current.status]).toContain(next.status);
        expect(next.end).toBeGreaterThan(next.start);
        expect(next.id).toBe(current.id);
        expect(next.createdAt).toBe(current.createdAt);
        expect(ownsItsTime(next)).toBe(next.status === 'scheduled' || next.status === 'completed');
        expect(next.cancellationReason !== '').toBe(next.status === 'cancelled' && step.do === 'cancel');
        if (next.status === 'completed' || next.status === 'no_show') expect(now).toBeGreaterThanOrEqual(next.start);
        if (next.status === 'no_show') expect(next.arrivedAt).toBeUndefined();
        if (fact.kind === 'rescheduled') {
          expect(fact.previous).toEqual({ start: current.start, end: current.end });
          expect(next.start).not.toBe(current.start);
        }
        if (fact.kind === 'cancelled') expect(next.status).toBe('cancelled');
        // The same again changes nothing: either it stands so already, or it is refused.
        const again = { ...step, stale: false };
        let repeated: AppointmentFact | undefined;
        try {
          repeated = take(next, again, now);
        } catch (error) {
          expect(refusals).toContain((error as { code?: string }).code);
        }
        expect(repeated).toBeUndefined();
        current = next;
      }
    }),
    { numRuns: 2000 },
  );
});
