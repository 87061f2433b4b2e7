import { until } from '@daybook/runtime/testing';
import { customerOf, type Customer } from '../testing/customer.ts';
import { startSyncStack, type SyncStack } from '../testing/sync-stack.ts';

jest.setTimeout(40_000);
let stack: SyncStack;
let customer: Customer;

beforeEach(async () => {
  stack = await startSyncStack();
  customer = customerOf(stack);
}, 30_000);
afterEach(() => stack.stop(), 30_000);

function eventTypes(slug: string) {
  return stack.sandbox.state.eventTypes.filter((type) => type.slug === slug);
}

async function typesInStep(): Promise<void> {
  await until(
    async () => {
      const { practice } = stack;
      const rows = await stack.typeRows();
      return (
        rows.length === practice.types.size &&
        rows.every(({ id, version, state }) => state === 'in_step' && practice.types.get(id)?.version === version)
      );
    },
    { timeoutMs: 8000, what: 'types in step' },
  );
}

/** Nine to five on every day of the week, Luxembourg time. */
function nineToFive() {
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute: 540, endMinute: 1020 }));
  return stack.practice.setHours({ timeZone: 'Europe/Luxembourg', weekly, overrides: [] });
}

function bookingOf(appointmentId: string) {
  return stack.sandbox.state.bookings.find(
    ({ metadata, status }) => metadata['daybookId'] === appointmentId && status === 'accepted',
  );
}

describe('appointment types as event types', () => {
  test('made with all they say, on our hours; changed; hidden when no longer offered, never deleted', async () => {
    await stack.startReplica();
    const { practice } = stack;
    await nineToFive();
    const type = await practice.offer({
      slug: 'massage',
      name: 'Massage',
      durationsMinutes: [45, 90],
      bufferBeforeMinutes: 5,
      bufferAfterMinutes: 10,
      minimumNoticeMinutes: 180,
      horizonDays: 60,
      slotStepMinutes: 20,
    });
    await typesInStep();
    const ours = stack.sandbox.state.schedules.find(({ name }) => name === 'Daybook hours')!;
    await until(() => Promise.resolve(eventTypes('massage')[0]?.scheduleId === ours.id), { timeoutMs: 5000 });
    expect(eventTypes('massage')).toMatchObject([
      {
        title: 'Massage',
        lengthInMinutes: 45,
        lengthInMinutesOptions: [45, 90],
        beforeEventBuffer: 5,
        afterEventBuffer: 10,
        minimumBookingNotice: 180,
        slotInterval: 20,
        bookingWindow: { type: 'calendarDays', value: 60, rolling: true },
        hidden: false,
      },
    ]);
    await practice.offer({ id: type.id, slug: 'deep-massage', name: 'Deep massage', durationsMinutes: [60] });
    await typesInStep();
    expect(eventTypes('massage')).toEqual([]);
    expect(eventTypes('deep-massage')).toMatchObject([{ title: 'Deep massage', lengthInMinutes: 60 }]);
    await practice.offer({ id: type.id, slug: 'deep-massage', archived: true });
    await typesInStep();
    expect(eventTypes('deep-massage')).toMatchObject([{ hidden: true }]);
  });

  test("one that stands there already is adopted by its slug, and what is its owner's own stays", async () => {
    const [theirs] = eventTypes('consultation');
    theirs!.description = 'Written by its owner';
    theirs!.locations = [{ type: 'link', link: 'https://example.com/room', public: true }];
    await stack.startReplica();
    const type = await stack.practice.offer({ slug: 'consultation', name: 'Consultation', durationsMinutes: [30, 60] });
    await typesInStep();
    expect(eventTypes('consultation')).toMatchObject([
      {
        id: theirs!.id,
        description: 'Written by its owner',
        locations: [{ type: 'link' }],
        lengthInMinutesOptions: [30, 60],
      },
    ]);
    const booked = await customer.book(stack.practice.at(0));
    await until(() => Promise.resolve(stack.bookedTypes.length === 1), { timeoutMs: 8000 });
    expect(stack.bookedTypes).toEqual([type.id]);
    expect(booked.uid).not.toBe('');
  });

  test('a slug that is taken there by another of our types is said in words, and holds up nothing', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const first = await practice.offer({ slug: 'one' });
    await practice.offer({ slug: 'two' });
    await typesInStep();
    stack.sandbox.state.eventTypes.find(({ slug }) => slug === 'two')!.slug = 'renamed-there';
    stack.sandbox.state.eventTypes[0]!.slug = 'three';
    await practice.offer({ id: first.id, slug: 'three' });
    await practice.book(practice.at(0));
    await stack.inStep();
    await until(async () => (await stack.typeRows()).some(({ message }) => /slug/.test(message)), { timeoutMs: 8000 });
  });
});

describe('where an appointment is placed', () => {
  async function offered(): Promise<string> {
    await nineToFive();
    const { id } = await stack.practice.offer({ slug: 'massage', durationsMinutes: [30, 60], slotStepMinutes: 30 });
    await typesInStep();
    return id;
  }

  test('within the hours on its own type; outside them, and with a length not offered, on the one without rules', async () => {
    await stack.startReplica();
    const typeId = await offered();
    const { practice } = stack;
    const [type] = eventTypes('massage');
    const [free] = eventTypes('daybook');
    // At eight UTC it is nine in Luxembourg in winter.
    const within = await practice.book(practice.at(120), 30, 'Leo Park', typeId);
    const early = await practice.book(practice.at(-240), 30, 'Leo Park', typeId);
    const odd = await practice.book(practice.at(180), 25, 'Leo Park', typeId);
    await stack.inStep();
    expect([within, early, odd].map(({ id }) => bookingOf(id)?.eventTypeId)).toEqual([type!.id, free!.id, free!.id]);

    // Out of its hours: its own type refuses the move, so it is made anew without rules.
    await practice.move(within.id, practice.at(-120));
    await stack.inStep();
    expect(bookingOf(within.id)?.eventTypeId).toBe(free!.id);
    const tries = (await stack.attempts(within.id)).map(({ action, outcome }) => `${action} ${outcome}`);
    expect(tries).toEqual(['create ok', 'move ok']);
  });

  test('hosted Cal.com is told to let the host have it: one call, on its own type, over a booking of its own', async () => {
    await stack.setSandbox({ profile: 'hosted' });
    await stack.startReplica({ CALCOM_PROFILE: 'hosted' });
    const typeId = await offered();
    const { practice } = stack;
    const [type] = eventTypes('massage');
    const early = await practice.book(practice.at(-240), 30, 'Leo Park', typeId);
    await stack.inStep();
    expect(bookingOf(early.id)?.eventTypeId).toBe(type!.id);
    await practice.move(early.id, practice.at(-180));
    await stack.inStep();
    expect(bookingOf(early.id)?.eventTypeId).toBe(type!.id);
    const writes = (await stack.requests()).filter(
      ({ method, path }) => method === 'POST' && path.includes('/bookings'),
    );
    expect(writes).toHaveLength(2);
  });

  test('a type that wants each booking confirmed does not hold back what the practice booked', async () => {
    await stack.startReplica();
    const typeId = await offered();
    const { practice } = stack;
    eventTypes('massage')[0]!.confirmationPolicy = { type: 'always', blockUnconfirmedBookingsInBooker: true };
    const { id } = await practice.book(practice.at(120), 30, 'Leo Park', typeId);
    await stack.inStep();
    expect(bookingOf(id)?.status).toBe('accepted');
  });

  test.each(['/v2/bookings$', '/confirm$'])(
    'nor does a lost answer of %s: what was found waiting is confirmed, and stands once',
    async (path) => {
      await stack.startReplica();
      const typeId = await offered();
      const { practice } = stack;
      eventTypes('massage')[0]!.confirmationPolicy = { type: 'always', blockUnconfirmedBookingsInBooker: false };
      await stack.setFaults([{ kind: 'commit_then_status', status: 500, match: { method: 'POST', path }, times: 1 }]);
      const { id } = await practice.book(practice.at(120), 30, 'Leo Park', typeId);
      await stack.inStep();
      const made = stack.sandbox.state.bookings.filter(({ metadata }) => metadata['daybookId'] === id);
      expect(made.map(({ status }) => status)).toEqual(['accepted']);
    },
  );

  test('a server that gives a moved booking its default length is brought to the length that is wanted', async () => {
    await stack.setSandbox({ movesKeepLength: false });
    await stack.startReplica();
    const { practice } = stack;
    const { id } = await practice.book(practice.at(0), 50);
    await stack.inStep();
    await practice.move(id, practice.at(120));
    await stack.inStep();
    const standing = bookingOf(id)!;
    expect((Date.parse(standing.end) - Date.parse(standing.start)) / 60_000).toBe(50);
  });
});

test("the owner's default schedule and every other one stay as they are, also when the hours change", async () => {
  const { schedules, users } = stack.sandbox.state;
  const before = structuredClone({ schedules, chosen: users[0]!.defaultScheduleId });
  await stack.startReplica();
  await nineToFive();
  const ours = () => stack.sandbox.state.schedules.find(({ name }) => name === 'Daybook hours');
  await until(() => Promise.resolve(ours() !== undefined), { timeoutMs: 8000 });
  await stack.practice.setHours({ timeZone: 'Europe/Luxembourg', weekly: [], overrides: [] });
  await until(() => Promise.resolve(ours()!.availability.length === 0), { timeoutMs: 8000 });
  const after = stack.sandbox.state;
  expect(after.users[0]!.defaultScheduleId).toBe(before.chosen);
  expect(after.schedules.filter(({ id }) => before.schedules.some((one) => one.id === id))).toEqual(before.schedules);
});
