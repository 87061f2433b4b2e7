import { randomUUID } from 'node:crypto';
import { fromTimestamp } from '@daybook/protos/instant';
import { asUser, type Caller, everyDay, tokenFor } from './testing/start-scheduling.ts';
import { at, codeOf, serviceUnderTest } from './testing/service-under-test.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const now = '2027-01-11T06:00:00Z';
const service = serviceUnderTest(now);
let owner: Caller;
let organizationId: string;
beforeEach(async () => {
  ({ owner, organizationId } = await service.newPractice());
});

const hours = (timestamp: Parameters<typeof fromTimestamp>[0] | null) =>
  fromTimestamp(timestamp!).toISOString().slice(8, 16);
const range = { from: at('2027-01-12T00:00:00Z'), to: at('2027-01-13T00:00:00Z') };

test('each closed stretch of a day says why, by the type asked for and what stands there', async () => {
  const { appointmentType } = await owner.createType({
    name: 'Visit',
    durationsMinutes: [60],
    bufferAfterMinutes: 15,
    horizonDays: 60,
    slotStepMinutes: 15,
    color: '#112233',
  });
  const appointmentTypeId = appointmentType!.id;
  const booked = (await owner.book({ start: at('2027-01-12T11:00:00Z'), appointmentTypeId, customer: { name: 'Ann' } }))
    .appointment!;
  const { block } = await owner.block({
    start: at('2027-01-12T14:00:00Z'),
    end: at('2027-01-12T15:00:00Z'),
    title: 'Lunch',
  });
  const { closed, timeZone } = await owner.closed({ ...range, appointmentTypeId });
  expect(timeZone).toBe('Europe/Luxembourg');
  expect(
    closed.map((item) => [
      `${hours(item.start)} ${hours(item.end)}`,
      item.rule.slice(12),
      item.sourceLabel,
      item.amount,
      item.overridable,
    ]),
  ).toEqual([
    ['12T00:00 12T08:00', 'HOURS', '', 0, true],
    ['12T09:46 12T10:01', 'BUFFER', 'Ann', 15, true],
    ['12T10:01 12T11:00', 'TOO_SHORT', '', 60, false],
    ['12T11:00 12T12:00', 'APPOINTMENT', 'Ann', 0, false],
    ['12T12:00 12T12:15', 'BUFFER', 'Ann', 15, false],
    ['12T12:46 12T13:01', 'BUFFER', 'Lunch', 15, true],
    ['12T13:01 12T14:00', 'TOO_SHORT', '', 60, false],
    ['12T14:00 12T15:00', 'BLOCK', 'Lunch', 0, false],
    ['12T15:01 12T16:00', 'TOO_SHORT', '', 60, true],
    ['12T16:00 13T00:00', 'HOURS', '', 0, true],
  ]);
  expect(closed.map((item) => item.sourceId).filter((id) => id !== '')).toEqual([
    booked.id,
    booked.id,
    booked.id,
    block!.id,
    block!.id,
  ]);
});

test('an override is named by its date, the past, notice and horizon by themselves', async () => {
  const { availability } = await owner.availability();
  await owner.setAvailability({
    ...availability,
    overrides: [{ date: '2027-01-12', endDate: '2027-01-12', intervals: [] }],
  });
  const type = (await owner.types()).appointmentTypes[0]!;
  await owner.updateType({ ...type, minimumNoticeMinutes: 180, horizonDays: 2 });
  const { closed } = await owner.closed({ from: at('2027-01-11T05:00:00Z'), to: at('2027-01-13T12:00:00Z') });
  expect(closed.map((item) => [`${hours(item.start)} ${hours(item.end)}`, item.rule.slice(12), item.amount])).toEqual([
    ['11T05:00 11T06:01', 'PAST', 0],
    ['11T06:01 11T08:00', 'HOURS', 0],
    ['11T08:00 11T09:00', 'NOTICE', 180],
    ['11T15:31 11T16:00', 'TOO_SHORT', 30],
    ['11T16:00 11T23:00', 'HOURS', 0],
    ['11T23:00 12T23:00', 'OVERRIDE', 0],
    ['12T23:00 13T08:00', 'HOURS', 0],
    ['13T08:00 13T12:00', 'HORIZON', 2],
  ]);
  expect(closed[5]).toMatchObject({ sourceLabel: '2027-01-12', sourceId: '', overridable: true });
});

test('what is offered is never closed, on a day with bookings and in the week clocks change', async () => {
  await owner.book({ start: at('2027-03-28T08:20:00Z'), durationMinutes: 45, customer: { name: 'A' } });
  await owner.block({ start: at('2027-03-29T10:00:00Z'), end: at('2027-03-29T11:10:00Z'), title: '' });
  const week = { from: at('2027-03-26T00:00:00Z'), to: at('2027-04-02T00:00:00Z'), durationMinutes: 30 };
  const [{ starts }, { closed }] = [await owner.slots(week), await owner.closed(week)];
  expect(starts.length).toBeGreaterThan(100);
  const isClosed = (start: number) =>
    closed.some((item) => fromTimestamp(item.start!).getTime() <= start && start < fromTimestamp(item.end!).getTime());
  expect(starts.filter((start) => isClosed(fromTimestamp(start).getTime()))).toEqual([]);
});

test('customers learn why but not who; another practice and wrong questions learn nothing', async () => {
  await owner.book({ start: at('2027-01-12T11:00:00Z'), durationMinutes: 30, customer: { name: 'Ann Secret' } });
  const guest = asUser(service.scheduling, tokenFor(organizationId, { roles: ['customer'] }));
  const { closed } = await guest.closed(range);
  expect(closed.map((item) => item.rule)).toContain('CLOSED_RULE_APPOINTMENT');
  expect(JSON.stringify(closed)).not.toContain('Secret');
  expect(closed.some((item) => item.overridable || item.sourceId !== '')).toBe(false);
  const { providerId } = (await owner.availability()).availability!;
  const stranger = asUser(service.scheduling, tokenFor(randomUUID()));
  expect(await codeOf(stranger.closed({ ...range, providerId }))).toBe('PROVIDER_NOT_FOUND');
  expect(JSON.stringify(await stranger.closed(range))).not.toContain('Secret');
  expect(await codeOf(owner.closed({ ...range, to: at('2027-04-01T00:00:00Z') }))).toBe('RANGE_TOO_LONG');
  expect(await codeOf(owner.closed({ ...range, appointmentTypeId: randomUUID() }))).toBe('APPOINTMENT_TYPE_NOT_FOUND');
  expect(await codeOf(owner.closed({ ...range, durationMinutes: 3 }))).toBe('VALIDATION_FAILED');
  expect(await codeOf(owner.closed({ from: range.from }))).toBe('VALIDATION_FAILED');
});

describe('the preview of new hours', () => {
  const question = { ...range, timeZone: 'Europe/Luxembourg', weekly: everyDay(11 * 60, 19 * 60) };

  test('says what opens, what closes and who would fall outside, and changes nothing', async () => {
    const early = (
      await owner.book({ start: at('2027-01-12T08:00:00Z'), durationMinutes: 30, customer: { name: 'Early' } })
    ).appointment!;
    const later = (
      await owner.book({ start: at('2027-01-20T09:00:00Z'), durationMinutes: 30, customer: { name: 'Later' } })
    ).appointment!;
    await owner.book({ start: at('2027-01-12T12:00:00Z'), durationMinutes: 30, customer: { name: 'Inside' } });
    const { opens, closes, outsideNewHours } = await owner.preview(question);
    const show = (item: { start: Parameters<typeof hours>[0]; end: Parameters<typeof hours>[0] }) =>
      `${hours(item.start)} ${hours(item.end)}`;
    expect([opens.map(show), closes.map(show)]).toEqual([['12T16:00 12T18:00'], ['12T08:00 12T10:00']]);
    expect(outsideNewHours.map((item) => item.id)).toEqual([early.id, later.id]);
    expect((await owner.availability()).availability).toMatchObject({ version: 2, weekly: everyDay(540, 1020) });
    const replaced = await owner.setAvailability({ timeZone: question.timeZone, weekly: question.weekly });
    expect(replaced.outsideNewHours.map((item) => item.id)).toEqual([early.id, later.id]);
    expect(await owner.preview(question)).toMatchObject({ opens: [], closes: [] });
  });

  test('is refused as a replacement would be', async () => {
    const { providerId } = (await owner.availability()).availability!;
    expect(await codeOf(owner.preview({ ...question, timeZone: 'Mars/Olympus' }))).toBe('VALIDATION_FAILED');
    expect(await codeOf(owner.preview({ ...question, to: at('2027-06-01T00:00:00Z') }))).toBe('RANGE_TOO_LONG');
    expect(await codeOf(owner.preview({ ...question, to: null }))).toBe('VALIDATION_FAILED');
    expect(await codeOf(asUser(service.scheduling, tokenFor(randomUUID())).preview({ ...question, providerId }))).toBe(
      'PROVIDER_NOT_FOUND',
    );
    for (const role of ['staff', 'customer'] as const) {
      const caller = asUser(service.scheduling, tokenFor(organizationId, { roles: [role] }));
      expect(await codeOf(caller.preview(question))).toBe('NOT_PERMITTED');
    }
  });
});
