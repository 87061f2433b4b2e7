import type {
  AvailabilityRequest,
  CalendarTarget,
  CreateRequest,
  EventTypeRequest,
  FindQuery,
  MoveRequest,
  RemoveRequest,
  TargetAccount,
  TargetBooking,
  TheirBooking,
} from '../target.ts';
import {
  cancelBooking,
  chainOf,
  confirmOwn,
  createBooking,
  isRefusal,
  listFrom,
  listPage,
  markBookingAbsent,
  rescheduleBooking,
} from './booking-calls.ts';
import type { CalcomClient } from './client.ts';
import { garbage, refused } from './errors.ts';
import { ensureEventTypeOf } from './event-types.ts';
import { readMe, toAttendee, toScheduleBody, type AttendeePolicy, type CalcomBooking } from './mapping.ts';
import { addLength, ensureSchedule, prepareSetup, type CalcomSetup } from './setup.ts';

/** What differs between the kinds of Cal.com. */
export type CalcomTargetOptions = {
  /** Hosted Cal.com lets a host book over conflicts and outside hours; a self-hosted one refuses the very words. */
  hostOverrides?: boolean;
};

/** Cal.com as a calendar target: the only place that knows what its API looks like. */
export function createCalcomTarget(
  client: CalcomClient,
  policy: AttendeePolicy,
  { hostOverrides = false }: CalcomTargetOptions = {},
): CalendarTarget {
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

  /**
   * Where it belongs first; what its own rules refuse stands on the hidden type without rules. What both refuse is taken
   * over there.
   */
  async function create(request: CreateRequest): Promise<TargetBooking> {
    const current = await ready();
    const eventTypeId = Number(request.eventTypeId ?? '');
    if (eventTypeId > 0 && eventTypeId !== current.eventTypeId) {
      try {
        return await createOn(request, current, eventTypeId);
      } catch (error) {
        if (!isRefusal(error, 'not_available', 'out_of_bounds', 'setup_missing', 'invalid')) throw error;
      }
    }
    await addLength(client, current, request.minutes);
    return createOn(request, current, current.eventTypeId);
  }

  async function createOn(request: CreateRequest, { me }: CalcomSetup, eventTypeId: number): Promise<TargetBooking> {
    const body = {
      start: new Date(request.start).toISOString(),
      lengthInMinutes: request.minutes,
      eventTypeId,
      attendee: toAttendee(request.attendee, policy, me.timeZone),
      metadata: { daybookId: request.appointmentId },
    };
    const booking = await createBooking(client, body, hostOverrides);
    // A repeated create can be answered with somebody's first booking at this time.
    if (booking.appointmentId !== '' && booking.appointmentId !== request.appointmentId) throw refused('not_available');
    if (!booking.active) throw garbage('a new booking that is not active');
    return booking;
  }

  async function move(request: MoveRequest): Promise<TargetBooking> {
    try {
      return await moveNewest(request);
    } catch (error) {
      // The rules of its own type do not bind the practice: it is made anew where there are none.
      if (!isRefusal(error, 'not_available', 'out_of_bounds') || (await standsWithoutRules(request.uid))) throw error;
      await cancelBooking(client, request.uid, 'Moved in Daybook.');
      return create({ ...request, eventTypeId: '' });
    }
  }

  async function moveNewest(request: MoveRequest): Promise<TargetBooking> {
    const { me } = await ready();
    const to = { start: request.start, by: me.email };
    try {
      return await rescheduleBooking(client, { ...to, uid: request.uid }, hostOverrides);
    } catch (error) {
      if (!isRefusal(error, 'gone')) throw error;
      // Somebody moved it over there: the newest booking of the chain is the one to move.
      const newest = (await chainOf(client, request.uid)).at(-1);
      if (!newest?.active || newest.uid === request.uid) throw error;
      return rescheduleBooking(client, { ...to, uid: newest.uid }, hostOverrides);
    }
  }

  /** Also true when there is nothing to be made anew. */
  async function standsWithoutRules(uid: string): Promise<boolean> {
    const { eventTypeId } = await ready();
    const newest = (await chainOf(client, uid)).at(-1);
    return !newest?.active || newest.eventTypeId === String(eventTypeId);
  }

  async function find(query: FindQuery): Promise<TargetBooking[]> {
    const byUid: CalcomBooking[] = [];
    for (const uid of query.uids) byUid.push(...(await chainOf(client, uid)));
    const byPlace = query.place ? await listFrom(client, query.place.start) : [];
    const mine = byPlace.filter((booking) => booking.appointmentId === query.appointmentId);
    const found = [...new Map([...byUid, ...mine].map((booking) => [booking.uid, booking])).values()];
    const confirmed: CalcomBooking[] = [];
    for (const booking of found) {
      const ours = booking.appointmentId === query.appointmentId;
      confirmed.push(ours ? await confirmOwn(client, booking) : booking);
    }
    return confirmed;
  }

  async function toTheirs(bookings: readonly CalcomBooking[]): Promise<TheirBooking[]> {
    const own = String((await ready()).me.id);
    return bookings.map(({ hostIds, ...booking }) => ({ ...booking, hostedByUs: hostIds.includes(own) }));
  }

  async function listTheirs(query: Readonly<Record<string, string>>, skip: number) {
    const page = await listPage(client, query, skip);
    return { ...page, bookings: await toTheirs(page.bookings) };
  }

  return {
    find,
    create,
    move,
    remove: (request: RemoveRequest) => cancelBooking(client, request.uid, request.reason ?? ''),
    markAbsent: ({ uid, absent }) => markBookingAbsent(client, uid, absent),
    follow: async (uid) => toTheirs(await chainOf(client, uid)),
    listChanged: ({ since, skip }) =>
      listTheirs({ afterUpdatedAt: new Date(since).toISOString(), sortUpdatedAt: 'asc' }, skip),
    listWindow: ({ from, to, skip }) =>
      listTheirs(
        { afterStart: new Date(from).toISOString(), beforeEnd: new Date(to).toISOString(), sortStart: 'asc' },
        skip,
      ),
    async putAvailability(request: AvailabilityRequest) {
      const hours = { id: request.scheduleId, name: request.name, ...toScheduleBody(request) };
      const { id, written } = await ensureSchedule(client, hours);
      return { scheduleId: String(id), written };
    },
    putEventType: (request: EventTypeRequest) => ensureEventTypeOf(client, request),
    prepare,
    async probe() {
      readMe(await client.send({ method: 'GET', resource: 'me', path: '/me' }));
    },
  };
}
