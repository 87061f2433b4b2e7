import { randomUUID } from 'node:crypto';
import type { SyncStack } from './sync-stack.ts';

type SandboxState = SyncStack['sandbox']['state'];
type StoredBooking = SandboxState['bookings'][number];
type StoredEventType = SandboxState['eventTypes'][number];

/** Marks the calls of people in the sandbox's log, which knows no callers. */
export const BY_CUSTOMER = 'by=customer';

/** A customer on the sandbox, and its owner where only an owner may act. Starts are epoch milliseconds. */
export type Customer = {
  /** The event type of the seed, open at all hours. */
  eventType(): StoredEventType;
  book(start: number, given?: { name?: string; eventTypeId?: number }): Promise<{ uid: string }>;
  move(uid: string, start: number): Promise<{ uid: string }>;
  cancel(uid: string): Promise<void>;
  confirm(uid: string): Promise<void>;
  decline(uid: string): Promise<void>;
  markAbsent(uid: string, absent: boolean): Promise<void>;
  /** Puts a booking there whatever the rules say, as the moment before a fault of ours may have. */
  bookDirectly(start: number, given: { name: string; others?: string[]; hostId?: number }): StoredBooking;
  /** Moves a booking there whatever the rules say. */
  moveDirectly(uid: string, start: number): StoredBooking;
};

/** The practice's owner, as the rpcs know callers. */
export function callerAt(stack: SyncStack): { organizationId: string; userId: string } {
  return { organizationId: stack.practice.organizationId, userId: randomUUID() };
}

/** The customer of a stack's sandbox. */
export function customerOf(stack: SyncStack): Customer {
  const seeded = stack.sandbox.state.schedules[0]!;
  seeded.availability = [
    {
      days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
      startTime: '00:00',
      endTime: '23:59',
    },
  ];
  const eventType = (): StoredEventType => {
    const type = stack.sandbox.state.eventTypes.find(({ slug }) => slug === 'consultation')!;
    type.minimumBookingNotice = 0;
    return type;
  };
  eventType();

  async function call(path: string, body: unknown, key?: string): Promise<{ uid: string }> {
    const response = await fetch(`${stack.sandbox.apiUrl}${path}?${BY_CUSTOMER}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'cal-api-version': '2024-08-13',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { data?: { uid: string } };
    if (!response.ok || !answer.data) throw new Error(`the sandbox refused ${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  }

  const store = (booking: StoredBooking): StoredBooking => {
    stack.sandbox.state.bookings.push(booking);
    return booking;
  };
  const byUid = (uid: string): StoredBooking => stack.sandbox.state.bookings.find((one) => one.uid === uid)!;

  return {
    eventType,
    book: (start, { name = 'Leo Park', eventTypeId } = {}) =>
      call('/bookings', {
        start: new Date(start).toISOString(),
        eventTypeId: eventTypeId ?? eventType().id,
        attendee: { name, email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com`, timeZone: 'Europe/Lisbon' },
      }),
    move: (uid, start) => call(`/bookings/${uid}/reschedule`, { start: new Date(start).toISOString() }),
    cancel: async (uid) => void (await call(`/bookings/${uid}/cancel`, { cancellationReason: 'I am ill.' })),
    confirm: async (uid) => void (await call(`/bookings/${uid}/confirm`, {}, 'cal_sandbox')),
    decline: async (uid) => void (await call(`/bookings/${uid}/decline`, { reason: 'no' }, 'cal_sandbox')),
    markAbsent: async (uid, absent) => {
      const attendees = byUid(uid).attendees.map(({ email }) => ({ email, absent }));
      await call(`/bookings/${uid}/mark-absent`, { attendees }, 'cal_sandbox');
    },
    bookDirectly(start, { name, others = [], hostId }) {
      const uid = `direct${randomUUID().replaceAll('-', '').slice(0, 16)}`;
      const now = new Date().toISOString();
      const owner = stack.sandbox.state.users[0]!;
      if (hostId !== undefined && !stack.sandbox.state.users.some(({ id }) => id === hostId)) {
        stack.sandbox.state.users.push({ ...owner, id: hostId, username: 'elsewhere', email: 'elsewhere@example.com' });
      }
      const person = (given: string) => ({
        name: given,
        email: `${given.toLowerCase().replaceAll(' ', '.')}@example.com`,
        timeZone: 'UTC',
        language: 'en',
        absent: false,
      });
      const guests = hostId === undefined ? [] : [{ ...person('Owner'), email: owner.email }];
      return store({
        id: 90_000 + stack.sandbox.state.bookings.length,
        uid,
        icsUid: `${uid}@Cal.com`,
        hostId: hostId ?? owner.id,
        eventTypeId: eventType().id,
        eventTypeSlug: 'consultation',
        title: `Consultation with ${name}`,
        description: '',
        status: 'accepted',
        start: new Date(start).toISOString(),
        end: new Date(start + 1_800_000).toISOString(),
        cancellationReason: '',
        cancelledByEmail: '',
        location: 'integrations:daily',
        absentHost: false,
        createdAt: now,
        updatedAt: now,
        metadata: {},
        attendees: [...[name, ...others].map(person), ...guests],
        guests: [],
        bookingFieldsResponses: {},
        uniqueKey: null,
      });
    },
    moveDirectly(uid, start) {
      const old = byUid(uid);
      const now = new Date().toISOString();
      const length = Date.parse(old.end) - Date.parse(old.start);
      const moved = store({
        ...structuredClone(old),
        id: 90_000 + stack.sandbox.state.bookings.length,
        uid: `moved${randomUUID().replaceAll('-', '').slice(0, 16)}`,
        start: new Date(start).toISOString(),
        end: new Date(start + length).toISOString(),
        createdAt: now,
        updatedAt: now,
        rescheduledFromUid: uid,
        uniqueKey: null,
      });
      Object.assign(old, { status: 'cancelled', rescheduledToUid: moved.uid, updatedAt: now, uniqueKey: null });
      return moved;
    },
  };
}
