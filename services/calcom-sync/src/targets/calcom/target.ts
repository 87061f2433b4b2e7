import {
  TargetError,
  type AvailabilityRequest,
  type CalendarTarget,
  type CreateRequest,
  type FindQuery,
  type MoveRequest,
  type RemoveRequest,
  type TargetAccount,
  type TargetBooking,
} from '../target.ts';
import type { CalcomClient } from './client.ts';
import { garbage, refused } from './errors.ts';
import {
  readBooking,
  readBookings,
  readMe,
  toAttendee,
  toScheduleBody,
  type AttendeePolicy,
  type CalcomBooking,
} from './mapping.ts';
import { addLength, ensureSchedule, prepareSetup, type CalcomSetup } from './setup.ts';

const CANCEL_REASON = 'Cancelled in Daybook.';
const COPY_HOURS = 24;
const PAGE_SIZE = 250;
/** A booking is moved a handful of times in its life; more hops than this is a circle. */
const MAX_HOPS = 20;

/** Cal.com as a calendar target: the only place that knows what its API looks like. */
export function createCalcomTarget(client: CalcomClient, policy: AttendeePolicy): CalendarTarget {
  let setup: CalcomSetup | undefined;

  async function ready(): Promise<CalcomSetup> {
    setup ??= await prepareSetup(client);
    return setup;
  }

  async function prepare(): Promise<TargetAccount> {
    setup = undefined;
    const { me, eventTypeId, scheduleId } = await ready();
    const accountName = me.name ?? me.username ?? '';
    return { accountId: String(me.id), accountName, eventTypeId: String(eventTypeId), scheduleId: String(scheduleId) };
  }

  async function create(request: CreateRequest): Promise<TargetBooking> {
    const current = await ready();
    await addLength(client, current, request.minutes);
    const booking = readBooking(
      await client.send({
        method: 'POST',
        resource: 'bookings',
        path: '/bookings',
        body: createBody(request, current),
      }),
    );
    // A repeated create can be answered with somebody's first booking at this time.
    if (booking.appointmentId !== '' && booking.appointmentId !== request.appointmentId) throw refused('not_available');
    if (!booking.active) throw garbage('a new booking that is not active');
    return booking;
  }

  function createBody(request: CreateRequest, current: CalcomSetup): Record<string, unknown> {
    return {
      start: new Date(request.start).toISOString(),
      lengthInMinutes: request.minutes,
      eventTypeId: current.eventTypeId,
      attendee: toAttendee(request.attendee, policy, current.me.timeZone),
      metadata: { daybookId: request.appointmentId },
    };
  }

  async function move(request: MoveRequest): Promise<TargetBooking> {
    const { me } = await ready();
    try {
      return await reschedule(client, request.uid, request.start, me.email);
    } catch (error) {
      if (!isRefusal(error, 'gone')) throw error;
      // Somebody moved it over there: the newest booking of the chain is the one to move.
      const newest = (await chainOf(client, request.uid)).at(-1);
      if (!newest?.active || newest.uid === request.uid) throw error;
      return reschedule(client, newest.uid, request.start, me.email);
    }
  }

  async function find(query: FindQuery): Promise<TargetBooking[]> {
    const byUid: CalcomBooking[] = [];
    for (const uid of query.uids) byUid.push(...(await chainOf(client, uid)));
    const byPlace = query.place ? await listFrom(client, (await ready()).eventTypeId, query.place.start) : [];
    const mine = byPlace.filter((booking) => booking.appointmentId === query.appointmentId);
    return [...new Map([...byUid, ...mine].map((booking) => [booking.uid, booking])).values()];
  }

  return {
    find,
    create,
    move,
    remove: (request: RemoveRequest) => cancel(client, request.uid, 0),
    async putAvailability(request: AvailabilityRequest) {
      const hours = { id: request.scheduleId, name: request.name, ...toScheduleBody(request) };
      return { scheduleId: String((await ensureSchedule(client, hours)).id) };
    },
    prepare,
    async probe() {
      readMe(await client.send({ method: 'GET', resource: 'me', path: '/me' }));
    },
  };
}

async function reschedule(client: CalcomClient, uid: string, start: number, by: string): Promise<CalcomBooking> {
  const booking = readBooking(
    await client.send({
      method: 'POST',
      resource: 'bookings',
      path: `/bookings/${encodeURIComponent(uid)}/reschedule`,
      // Named as the owner, so that a confirmation policy does not hold the move back.
      body: {
        start: new Date(start).toISOString(),
        rescheduledBy: by,
        reschedulingReason: 'Moved in Daybook.',
      },
    }),
  );
  if (!booking.active) throw garbage('a moved booking that is not active');
  return booking;
}

async function getBooking(client: CalcomClient, uid: string): Promise<CalcomBooking | undefined> {
  try {
    return readBooking(
      await client.send({ method: 'GET', resource: 'bookings', path: `/bookings/${encodeURIComponent(uid)}` }),
    );
  } catch (error) {
    if (isRefusal(error, 'gone')) return undefined;
    throw error;
  }
}

/** The booking and, if it was moved, those that came after it. */
async function chainOf(client: CalcomClient, first: string): Promise<CalcomBooking[]> {
  const chain: CalcomBooking[] = [];
  const seen = new Set<string>();
  for (let uid = first; uid !== '' && !seen.has(uid) && chain.length < MAX_HOPS;) {
    seen.add(uid);
    const booking = await getBooking(client, uid);
    if (!booking) break;
    chain.push(booking);
    uid = booking.movedTo;
  }
  return chain;
}

/** All bookings of the event type that start at the instant. Their length is not asked for: older hosts change it on a move. */
async function listFrom(client: CalcomClient, eventTypeId: number, start: number): Promise<CalcomBooking[]> {
  const found: CalcomBooking[] = [];
  for (let skip = 0; ; skip += PAGE_SIZE) {
    const page = readBookings(
      await client.send({
        method: 'GET',
        resource: 'bookings',
        path: '/bookings',
        query: {
          eventTypeId: String(eventTypeId),
          afterStart: new Date(start).toISOString(),
          beforeEnd: new Date(start + COPY_HOURS * 3_600_000).toISOString(),
          sortStart: 'asc',
          take: String(PAGE_SIZE),
          skip: String(skip),
        },
      }),
    );
    found.push(...page.bookings.filter((booking) => booking.start === start));
    // The reported totals ignore some filters; a short page is the only sure end.
    if (page.rows < PAGE_SIZE) return found;
  }
}

/** Cancels; when it was cancelled already, follows the chain, since a moved booking's old uid says "cancelled" too. */
async function cancel(client: CalcomClient, uid: string, hops: number): Promise<void> {
  try {
    await client.send({
      method: 'POST',
      resource: 'bookings',
      path: `/bookings/${encodeURIComponent(uid)}/cancel`,
      body: { cancellationReason: CANCEL_REASON },
    });
  } catch (error) {
    if (!isRefusal(error, 'gone')) throw error;
    const newest = (await chainOf(client, uid)).at(-1);
    if (newest?.active && newest.uid !== uid && hops < MAX_HOPS) await cancel(client, newest.uid, hops + 1);
    else if (newest?.active) throw error;
  }
}

function isRefusal(error: unknown, reason: string): boolean {
  return error instanceof TargetError && error.fault.kind === 'refused' && error.fault.reason === reason;
}
