import { presentBooking } from '../engine/bookings.ts';
import type { Booking } from '../engine/types.ts';
import type { FieldProblem } from '../http/errors.ts';
import { validationFailure } from '../http/errors.ts';
import { callerOf } from '../http/request.ts';
import type { ApiHandler, ApiRequest } from '../http/request.ts';
import { parseIso } from '../http/validation.ts';

const STATUSES = ['upcoming', 'recurring', 'past', 'cancelled', 'unconfirmed'];
const SORTS: [parameter: string, member: 'start' | 'end' | 'createdAt' | 'updatedAt'][] = [
  ['sortStart', 'start'],
  ['sortEnd', 'end'],
  ['sortCreated', 'createdAt'],
  ['sortUpdatedAt', 'updatedAt'],
];
const TIMES = ['afterStart', 'beforeEnd', 'afterCreatedAt', 'beforeCreatedAt', 'afterUpdatedAt', 'beforeUpdatedAt'];

function problem(property: string, constraint: string, explanation: string): FieldProblem {
  return { property, children: [], constraints: { [constraint]: `${property} ${explanation}` } };
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const raw = query.get(name);
  return raw === null ? fallback : Number(raw);
}

function checkQuery(query: URLSearchParams): void {
  const problems: FieldProblem[] = [];
  for (const name of TIMES) {
    const value = query.get(name);
    if (value !== null && parseIso(value) === null)
      problems.push(problem(name, 'isISO8601', 'must be a valid ISO 8601 date string'));
  }
  const wrongStatus = (query.get('status')?.split(',') ?? []).some((status) => !STATUSES.includes(status));
  if (wrongStatus) problems.push(problem('status', 'isEnum', `must be among ${STATUSES.join(', ')}`));
  for (const [name] of SORTS) {
    const value = query.get(name);
    if (value !== null && value !== 'asc' && value !== 'desc')
      problems.push(problem(name, 'isEnum', 'must be asc or desc'));
  }
  const take = wholeNumber(query, 'take', 100);
  if (!Number.isInteger(take) || take < 1 || take > 250)
    problems.push(problem('take', 'max', 'must be between 1 and 250'));
  const skip = wholeNumber(query, 'skip', 0);
  if (!Number.isInteger(skip) || skip < 0) problems.push(problem('skip', 'min', 'must not be less than 0'));
  if (problems.length > 0) throw validationFailure(problems);
}

function hasStatus(booking: Booking, status: string, now: number): boolean {
  const dead = booking.status === 'cancelled' || booking.status === 'rejected';
  const ended = Date.parse(booking.end) <= now;
  if (status === 'cancelled') return dead;
  if (status === 'past') return !dead && ended;
  if (status === 'upcoming') return !dead && !ended;
  return status === 'unconfirmed' && booking.status === 'pending' && !ended;
}

function within(query: URLSearchParams, after: string | null, before: string | null, value: string): boolean {
  const from = after === null ? null : parseIso(query.get(after));
  const to = before === null ? null : parseIso(query.get(before));
  const at = Date.parse(value);
  return (from === null || at >= from) && (to === null || at <= to);
}

function matchesIdentity(booking: Booking, query: URLSearchParams): boolean {
  const email = query.get('attendeeEmail');
  const name = query.get('attendeeName');
  const uid = query.get('bookingUid');
  const ids = (query.get('eventTypeIds') ?? query.get('eventTypeId'))?.split(',').map(Number);
  if (email !== null && !booking.attendees.some((attendee) => attendee.email === email)) return false;
  if (name !== null && !booking.attendees.some((attendee) => attendee.name === name)) return false;
  if (uid !== null && booking.uid !== uid) return false;
  return ids === undefined || (booking.eventTypeId !== null && ids.includes(booking.eventTypeId));
}

function visibleBookings(request: ApiRequest): Booking[] {
  const caller = callerOf(request);
  return request.world.state.bookings.filter(
    (booking) => booking.hostId === caller.id || booking.attendees.some((attendee) => attendee.email === caller.email),
  );
}

function sortBookings(bookings: Booking[], query: URLSearchParams): Booking[] {
  // The first given sort parameter wins.
  const given = [...query.keys()].find((key) => SORTS.some(([name]) => name === key));
  const member = SORTS.find(([name]) => name === given)?.[1] ?? 'start';
  const sign = given !== undefined && query.get(given) === 'desc' ? -1 : 1;
  const order = (a: Booking, b: Booking): number =>
    a[member] === b[member] ? a.id - b.id : a[member] < b[member] ? -1 : 1;
  return bookings.toSorted((a, b) => sign * order(a, b));
}

/** `GET /v2/bookings` in version 2024-08-13, with the totals that ignore created and updated filters. */
export const listBookings: ApiHandler = (request) => {
  if (request.version === '2026-05-01') return listByCursor(request);
  const { query } = request;
  checkQuery(query);
  const statuses = query.get('status')?.split(',');
  const now = request.now.getTime();
  const counted = visibleBookings(request).filter(
    (booking) =>
      matchesIdentity(booking, query) &&
      (statuses === undefined || statuses.some((status) => hasStatus(booking, status, now))) &&
      within(query, 'afterStart', null, booking.start) &&
      within(query, null, 'beforeEnd', booking.end),
  );
  const found = counted.filter(
    (booking) =>
      within(query, 'afterCreatedAt', 'beforeCreatedAt', booking.createdAt) &&
      within(query, 'afterUpdatedAt', 'beforeUpdatedAt', booking.updatedAt),
  );
  const take = wholeNumber(query, 'take', 100);
  const skip = wholeNumber(query, 'skip', 0);
  const page = sortBookings(found, query).slice(skip, skip + take);
  const data = page.map((booking) => presentBooking(request.world.state, booking));
  const total = counted.length;
  const pagination = {
    returnedItems: page.length,
    totalItems: total,
    itemsPerPage: take,
    remainingItems: Math.max(0, total - skip - page.length),
    currentPage: Math.floor(skip / take) + 1,
    totalPages: Math.ceil(total / take),
    hasNextPage: skip + take < total,
    hasPreviousPage: skip > 0,
  };
  return { status: 200, commit: () => ({ status: 'success', data, pagination }) };
};

const listByCursor: ApiHandler = (request) => {
  const { query } = request;
  const status = query.get('status');
  const limit = wholeNumber(query, 'limit', 50);
  const cursor = query.get('cursor');
  const offset = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  const problems: FieldProblem[] = [];
  if (status !== null && !STATUSES.includes(status))
    problems.push(problem('status', 'isEnum', `must be one of ${STATUSES.join(', ')}`));
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    problems.push(problem('limit', 'max', 'must be between 1 and 100'));
  if (!Number.isInteger(offset) || offset < 0)
    problems.push(problem('cursor', 'isCursor', 'is not a cursor of this list'));
  if (problems.length > 0) throw validationFailure(problems);
  const now = request.now.getTime();
  const newestFirst = status === 'past' || status === 'cancelled';
  const found = visibleBookings(request)
    .filter((booking) => matchesIdentity(booking, query) && (status === null || hasStatus(booking, status, now)))
    .toSorted((a, b) => (newestFirst ? -1 : 1) * (a.start.localeCompare(b.start) || a.id - b.id));
  const page = found.slice(offset, offset + limit);
  const data = page.map((booking) => presentBooking(request.world.state, booking));
  const hasMore = offset + limit < found.length;
  const nextCursor = hasMore ? Buffer.from(String(offset + limit)).toString('base64url') : null;
  return { status: 200, commit: () => ({ status: 'success', data, pagination: { nextCursor, hasMore } }) };
};
