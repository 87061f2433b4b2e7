import { TargetError, type RefusalReason } from '../target.ts';
import type { ApiRequest, CalcomClient } from './client.ts';
import { garbage } from './errors.ts';
import { readAttendeeAddresses, readBooking, readBookings, type CalcomBooking } from './mapping.ts';

const CANCEL_REASON = 'Cancelled in Daybook.';
const COPY_HOURS = 24;
/** The most a page may hold. */
const PAGE_SIZE = 250;
/** A booking is moved a handful of times in its life; more hops than this is a circle. */
const MAX_HOPS = 20;
/** How far before its predecessor's last change a successor may have been written, milliseconds. */
const SUCCESSOR_MS = 5000;
/** What hosted Cal.com lets a host override: our decision is made already. */
const hostOverrides = { allowConflicts: true, allowBookingOutOfBounds: true, skipBookingLimits: true };

function pathOf(uid: string, action = ''): string {
  return `/bookings/${encodeURIComponent(uid)}${action}`;
}

/** Makes a booking; one that waits for a confirmation is confirmed, since the appointment stands already. */
export async function createBooking(
  client: CalcomClient,
  body: Readonly<Record<string, unknown>>,
  overrides: boolean,
): Promise<CalcomBooking> {
  const request: ApiRequest = { method: 'POST', resource: 'bookings', path: '/bookings', body };
  const booking = readBooking(
    await client.send(
      overrides ? { ...request, resource: 'hostBookings', body: { ...body, ...hostOverrides } } : request,
    ),
  );
  return booking.status === 'pending' ? confirm(client, booking) : booking;
}

async function confirm(client: CalcomClient, booking: CalcomBooking): Promise<CalcomBooking> {
  const path = pathOf(booking.uid, '/confirm');
  try {
    return readBooking(await client.send({ method: 'POST', resource: 'bookings', path, body: {} }));
  } catch (error) {
    // It may have been confirmed by a call whose answer was lost, or by hand.
    const now = isRefusal(error, 'invalid') ? await getBooking(client, booking.uid) : undefined;
    if (now?.status !== 'accepted') throw error;
    return now;
  }
}

/**
 * Confirms what we made and never heard of again: its answer was lost before it could be confirmed. One that was moved
 * waits for the owner's word about a customer's wish, so it is left alone.
 */
export async function confirmOwn(client: CalcomClient, booking: CalcomBooking): Promise<CalcomBooking> {
  const waits = booking.status === 'pending' && booking.appointmentId !== '' && booking.movedFrom === '';
  return waits ? confirm(client, booking) : booking;
}

/** Moves a booking, named as the owner, so that a confirmation policy does not hold the move back. */
export async function rescheduleBooking(
  client: CalcomClient,
  move: { uid: string; start: number; by: string },
  overrides: boolean,
): Promise<CalcomBooking> {
  const booking = readBooking(
    await client.send({
      method: 'POST',
      resource: overrides ? 'hostBookings' : 'bookings',
      path: pathOf(move.uid, '/reschedule'),
      body: {
        start: new Date(move.start).toISOString(),
        rescheduledBy: move.by,
        reschedulingReason: 'Moved in Daybook.',
        ...(overrides ? hostOverrides : {}),
      },
    }),
  );
  if (!booking.active) throw garbage('a moved booking that is not active');
  return booking.status === 'pending' ? confirm(client, booking) : booking;
}

/** One booking; undefined when nobody knows the uid. */
export async function getBooking(client: CalcomClient, uid: string): Promise<CalcomBooking | undefined> {
  try {
    return readBooking(await client.send({ method: 'GET', resource: 'bookings', path: pathOf(uid) }), uid);
  } catch (error) {
    if (isRefusal(error, 'gone')) return undefined;
    throw error;
  }
}

/** The booking and, if it was moved, those that came after it. */
export async function chainOf(client: CalcomClient, first: string): Promise<CalcomBooking[]> {
  const chain: CalcomBooking[] = [];
  const seen = new Set<string>();
  let next = await getBooking(client, first);
  while (next && !seen.has(next.uid) && chain.length < MAX_HOPS) {
    seen.add(next.uid);
    chain.push(next);
    next = next.movedTo === '' ? await findSuccessor(client, next) : await getBooking(client, next.movedTo);
  }
  return chain;
}

/** The link from a moved booking to its successor may be missing for a while, so it is looked for by its link back. */
async function findSuccessor(
  client: CalcomClient,
  { uid, status, updatedAt }: CalcomBooking,
): Promise<CalcomBooking | undefined> {
  if (status !== 'cancelled' || updatedAt === undefined) return undefined;
  const afterUpdatedAt = new Date(updatedAt - SUCCESSOR_MS).toISOString();
  const page = await listPage(client, { afterUpdatedAt, sortUpdatedAt: 'asc' }, 0);
  return page.bookings.find(({ movedFrom }) => movedFrom === uid);
}

/** One page of a list. The reported totals ignore some filters; a short page is the only sure end. */
export async function listPage(
  client: CalcomClient,
  query: Readonly<Record<string, string>>,
  skip: number,
): Promise<{ rows: number; bookings: CalcomBooking[]; more: boolean }> {
  const page = readBookings(
    await client.send({
      method: 'GET',
      resource: 'bookings',
      path: '/bookings',
      query: { ...query, take: String(PAGE_SIZE), skip: String(skip) },
    }),
  );
  return { ...page, more: page.rows >= PAGE_SIZE };
}

/**
 * All bookings that start at the instant, of every event type, since a booking may have been placed on another one than
 * was meant. Their length is not asked for: older hosts change it on a move.
 */
export async function listFrom(client: CalcomClient, start: number): Promise<CalcomBooking[]> {
  const query = {
    afterStart: new Date(start).toISOString(),
    beforeEnd: new Date(start + COPY_HOURS * 3_600_000).toISOString(),
    sortStart: 'asc',
  };
  const found: CalcomBooking[] = [];
  for (let skip = 0; ; skip += PAGE_SIZE) {
    const page = await listPage(client, query, skip);
    found.push(...page.bookings.filter((booking) => booking.start === start));
    // Sorted by start: once a later one is seen, none at the instant can follow.
    if (!page.more || page.bookings.some((booking) => booking.start > start)) return found;
  }
}

/** Cancels; when it was cancelled already, follows the chain, since a moved booking's old uid says "cancelled" too. */
export async function cancelBooking(client: CalcomClient, uid: string, reason: string, hops = 0): Promise<void> {
  try {
    await client.send({
      method: 'POST',
      resource: 'bookings',
      path: pathOf(uid, '/cancel'),
      body: { cancellationReason: reason === '' ? CANCEL_REASON : reason },
    });
  } catch (error) {
    if (!isRefusal(error, 'gone')) throw error;
    const newest = (await chainOf(client, uid)).at(-1);
    if (newest?.active && newest.uid !== uid && hops < MAX_HOPS) {
      await cancelBooking(client, newest.uid, reason, hops + 1);
    } else if (newest?.active) throw error;
  }
}

/** Marks every attendee of a booking as absent, or takes that back. */
export async function markBookingAbsent(client: CalcomClient, uid: string, absent: boolean): Promise<void> {
  const addresses = readAttendeeAddresses(
    await client.send({ method: 'GET', resource: 'bookings', path: pathOf(uid) }),
  );
  const body = { attendees: addresses.map((email) => ({ email, absent })) };
  await client.send({ method: 'POST', resource: 'bookings', path: pathOf(uid, '/mark-absent'), body });
}

/** Whether an error is a decision of Cal.com for one of these reasons. */
export function isRefusal(error: unknown, ...reasons: readonly RefusalReason[]): boolean {
  return error instanceof TargetError && error.fault.kind === 'refused' && reasons.includes(error.fault.reason);
}
