import { ATTENDEE, openTestBed } from '../testing/client.ts';
import type { Json, TestBed } from '../testing/client.ts';

let bed: TestBed;
beforeAll(async () => {
  bed = await openTestBed();
  for (const day of ['03', '04', '05', '06']) {
    bed.setNow(`2026-11-02T07:00:0${Number(day)}.000Z`);
    await bed.book(`2026-11-${day}T09:00:00Z`, { metadata: { day } });
  }
  const attendee = { name: 'Ada', email: 'ada@example.com', timeZone: 'UTC' };
  const moved = await bed.book('2026-11-09T09:00:00Z', { attendee });
  bed.setNow('2026-11-02T08:00:00.000Z');
  await bed.call(`POST /v2/bookings/${moved.uid}/reschedule`, { body: { start: '2026-11-10T09:00:00Z' } });
});
afterAll(() => bed.stop());

async function list(query: string): Promise<Json> {
  return (await bed.call(`GET /v2/bookings?${query}`)).body;
}
const rows = (answer: Json): Json[] => answer.data as Json[];
const days = (answer: Json): string[] => rows(answer).map((booking) => String(booking.start).slice(8, 10));

test('without a status everything is listed by start', async () => {
  expect(days(await list(''))).toEqual(['03', '04', '05', '06', '09', '10']);
  expect(days(await list('sortStart=desc'))).toEqual(['10', '09', '06', '05', '04', '03']);
});

test('statuses are a comma list; cancelled holds what was moved away', async () => {
  expect(days(await list('status=cancelled'))).toEqual(['09']);
  expect(days(await list('status=upcoming'))).toEqual(['03', '04', '05', '06', '10']);
  expect(days(await list('status=upcoming,cancelled'))).toHaveLength(6);
  expect(days(await list('status=past'))).toEqual([]);
  expect((await bed.call('GET /v2/bookings?status=gone')).status).toBe(400);
});

test('bounds are inclusive and strict ISO 8601', async () => {
  expect(days(await list('afterStart=2026-11-04T09:00:00.000Z&beforeEnd=2026-11-05T09:30:00.000Z'))).toEqual([
    '04',
    '05',
  ]);
  expect(days(await list('afterStart=2026-11-04T09:00:00.001Z&beforeEnd=2026-11-05T09:29:59.999Z'))).toEqual([]);
  const wrong = await bed.call('GET /v2/bookings?afterStart=yesterday');
  expect(wrong.body.error.details.errors[0].property).toBe('afterStart');
});

test('attendee, uid and event type filters; a misspelt one is ignored', async () => {
  expect(days(await list('attendeeEmail=ada@example.com'))).toEqual(['09', '10']);
  expect(days(await list(`attendeeName=${encodeURIComponent(ATTENDEE.name)}`))).toHaveLength(4);
  expect(days(await list('eventTypeId=1'))).toEqual([]);
  expect(days(await list('eventTypeIds=1,9001'))).toHaveLength(6);
  expect(days(await list('attendeMail=x'))).toHaveLength(6);
});

test('totals ignore the updated and created filters, so only a short page ends the loop', async () => {
  const answer = await list('afterUpdatedAt=2026-11-02T08:00:00.000Z&take=2&sortUpdatedAt=asc');
  expect(days(answer)).toEqual(['09', '10']);
  expect(answer.pagination).toEqual({
    returnedItems: 2,
    totalItems: 6,
    itemsPerPage: 2,
    remainingItems: 4,
    currentPage: 1,
    totalPages: 3,
    hasNextPage: true,
    hasPreviousPage: false,
  });
  expect(days(await list('afterUpdatedAt=2026-11-02T08:00:00.000Z&take=2&skip=2'))).toEqual([]);
  expect(days(await list('afterCreatedAt=2026-11-02T07:00:04.000Z&beforeCreatedAt=2026-11-02T07:00:05.000Z'))).toEqual([
    '04',
    '05',
  ]);
});

test('take is 1 to 250', async () => {
  for (const take of ['0', '251', 'x']) expect((await bed.call(`GET /v2/bookings?take=${take}`)).status).toBe(400);
  expect((await list('take=250')).data).toHaveLength(6);
});

test('bookings in which the caller is only the attendee are listed too', async () => {
  await bed.admin('POST /settings', { apiKeys: [{ key: 'cal_sandbox' }, { key: 'cal_other', username: 'other' }] });
  const attendee = { name: 'Other', email: 'other@sandbox.example', timeZone: 'UTC' };
  await bed.book('2026-11-11T09:00:00Z', { attendee });
  const answer = await bed.call('GET /v2/bookings', { key: 'cal_other' });
  expect(rows(answer.body).map((booking) => booking.hosts[0].id as number)).toEqual([4012]);
});

test('the hosted list of 2026-05-01 pages by cursor', async () => {
  await bed.admin('POST /settings', { profile: 'hosted' });
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer: Json = await bed.call(`GET /v2/bookings?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`, {
      version: '2026-05-01',
    });
    seen.push(...rows(answer.body).map((booking) => booking.uid as string));
    cursor = answer.body.pagination.nextCursor as string | null;
    expect(answer.body.pagination.hasMore).toBe(cursor !== null);
  }
  expect(new Set(seen).size).toBe(7);
  await bed.admin('POST /settings', { profile: 'diy' });
});
