import { randomUUID } from 'node:crypto';
import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { customerOf, type Customer } from '../testing/customer.ts';
import { startSyncStack, type SyncStack } from '../testing/sync-stack.ts';

jest.setTimeout(40_000);
let stack: SyncStack;
let customer: Customer;

beforeEach(async () => {
  stack = await startSyncStack();
  customer = customerOf(stack);
  // The organisation is known by its first event; the connection of the environment then becomes its own.
  await stack.practice.setHours({ timeZone: 'Europe/Luxembourg', weekly: [], overrides: [] });
}, 30_000);
afterEach(() => stack.stop(), 30_000);

/** Writes made to bookings under our key, after what the stack did before. */
async function ourWrites(): Promise<string[]> {
  const all = await stack.requests();
  return all
    .filter(({ method, path, query: asked }) => method === 'POST' && path.includes('/bookings') && asked === '')
    .map(({ path }) => path);
}

async function lines(): Promise<Record<string, unknown>[]> {
  return query(stack.database, { text: 'SELECT * FROM calendar_links ORDER BY wanted_start, appointment_id' });
}

async function untilTaken(count: number): Promise<Record<string, unknown>[]> {
  await until(async () => (await lines()).filter((line) => line['state'] === 'in_step').length === count, {
    timeoutMs: 8000,
    what: `${count} lines in step`,
  });
  return lines();
}

async function webhook(trigger: string, bookingUid: string): Promise<void> {
  await query(stack.database, {
    text: `INSERT INTO inbound_webhooks (id, connection_id, digest, trigger, booking_uid)
           SELECT $1, id, $2, $3, $4 FROM connections`,
    values: [randomUUID(), Buffer.from(randomUUID()), trigger, bookingUid],
  });
  await query(stack.database, { text: `SELECT pg_notify('inbound_webhooks', '')` });
}

/** Three polls pass in which nothing is asked of scheduling and nothing is written there. */
async function staysQuiet(): Promise<void> {
  const [asked, writes] = [stack.externalLog.length, (await ourWrites()).length];
  await new Promise((resolve) => setTimeout(resolve, 1600));
  expect(stack.externalLog.length).toBe(asked);
  expect((await ourWrites()).length).toBe(writes);
}

describe('what a customer does on Cal.com', () => {
  test('a booking becomes an appointment with its customer, once, and nothing of it is pushed back', async () => {
    await stack.startReplica();
    const { uid } = await customer.book(stack.practice.at(0), { name: 'Ada Byron' });
    const [line] = await untilTaken(1);
    expect(line).toMatchObject({ made_there: true, standing_uid: uid, theirs_customer_name: 'Ada Byron' });
    expect([...stack.practice.appointments.values()]).toMatchObject([
      { start: stack.practice.at(0), minutes: 30, customerName: 'Ada Byron' },
    ]);
    await staysQuiet();
    expect(await ourWrites()).toEqual([]);
    const states = (await stack.events()).flatMap((event) => event.appointmentSyncChanged ?? []);
    expect(states.map(({ state, externalUid }) => [state, externalUid])).toEqual([['SYNC_STATE_IN_STEP', uid]]);
  });

  test('a move there moves ours, with the chain of uids kept, and a cancellation there cancels ours', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const { id } = await practice.book(practice.at(0));
    await stack.inStep();
    const first = String((await stack.row(id))['standing_uid']);
    const second = await customer.move(first, practice.at(60));
    await until(() => Promise.resolve(practice.appointments.get(id)?.start === practice.at(60)), { timeoutMs: 8000 });
    await stack.inStep();
    const third = await customer.move(second.uid, practice.at(120));
    await until(() => Promise.resolve(practice.appointments.get(id)?.start === practice.at(120)), { timeoutMs: 8000 });
    await stack.inStep();
    expect((await stack.row(id))['uids']).toEqual([third.uid, second.uid, first]);

    await customer.cancel(third.uid);
    await until(() => Promise.resolve(practice.appointments.get(id)?.status === 'APPOINTMENT_STATUS_CANCELLED'), {
      timeoutMs: 8000,
    });
    await until(async () => (await stack.row(id))['theirs_status'] === 'cancelled', { timeoutMs: 8000 });
    expect(await stack.row(id)).toMatchObject({ state: 'in_step', standing_uid: null });
    await staysQuiet();
    expect(await ourWrites()).toEqual(['/v2/bookings']);
  });

  test('webhooks bring it within seconds; one sent before its change is saved is looked at again', async () => {
    await stack.startReplica({ INBOUND_POLL_MS: '600000' });
    const { practice } = stack;
    const { id } = await practice.book(practice.at(0));
    await stack.inStep();
    const uid = String((await stack.row(id))['standing_uid']);
    await webhook('BOOKING_CANCELLED', uid);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(practice.appointments.get(id)?.status).toBe('APPOINTMENT_STATUS_SCHEDULED');
    await customer.cancel(uid);
    await until(() => Promise.resolve(practice.appointments.get(id)?.status === 'APPOINTMENT_STATUS_CANCELLED'), {
      timeoutMs: 5000,
    });

    const booked = await customer.book(practice.at(60));
    await webhook('BOOKING_CREATED', booked.uid);
    await webhook('BOOKING_CREATED', booked.uid);
    await until(() => Promise.resolve(practice.appointments.size === 2), { timeoutMs: 5000 });
    await until(
      async () => {
        const left = await query(stack.database, { text: 'SELECT 1 FROM inbound_webhooks WHERE processed_at IS NULL' });
        return left.length === 0;
      },
      { timeoutMs: 5000 },
    );
    expect(practice.appointments.size).toBe(2);
  });

  test('a clash is decided for what was acknowledged here: theirs is cancelled politely and shown with words', async () => {
    await stack.startReplica({ INBOUND_POLL_MS: '600000' });
    const { practice } = stack;
    await stack.setFaults([
      { kind: 'status', status: 503, match: { method: 'POST', path: '/v2/bookings$' }, times: 1 },
    ]);
    const theirs = customer.bookDirectly(practice.at(0), { name: 'Late Lady' });
    const { id } = await practice.book(practice.at(0));
    await webhook('BOOKING_CREATED', theirs.uid);
    await stack.inStepOf(id, 12_000);
    const shown = (await lines()).find((line) => line['wanted_version'] === 0);
    expect(shown).toMatchObject({
      state: 'different',
      theirs_status: 'cancelled',
      theirs_customer_name: 'Late Lady',
      ours_status: 'absent',
    });
    expect(shown?.['message']).toMatch(/taken here already.*cancelled there with an apology/);
    const there = stack.sandbox.state.bookings.find(({ uid }) => uid === theirs.uid);
    expect(there?.status).toBe('cancelled');
    expect(there?.cancellationReason).toMatch(/sorry/);
    expect(stack.externalLog.map(({ outcome }) => outcome)).toEqual(['SLOT_TAKEN']);
  });

  test('a move to a time that is taken here is put back; ours wins when both sides moved', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const moved = await practice.book(practice.at(0));
    await stack.inStep();
    const uid = String((await stack.row(moved.id))['standing_uid']);
    practice.blockTime(practice.at(120));
    await customer.move(uid, practice.at(120));
    await until(() => Promise.resolve(stack.externalLog.some(({ outcome }) => outcome === 'SLOT_TAKEN')), {
      timeoutMs: 8000,
    });
    await stack.inStep();
    expect(practice.appointments.get(moved.id)?.start).toBe(practice.at(0));

    await stack.setFaults([{ kind: 'status', status: 503, match: { method: 'POST', path: 'reschedule' }, times: 1 }]);
    const now = String((await stack.row(moved.id))['standing_uid']);
    await practice.move(moved.id, practice.at(30));
    customer.moveDirectly(now, practice.at(240));
    await stack.inStep();
    expect(practice.appointments.get(moved.id)?.start).toBe(practice.at(30));
  });

  test('what awaits a word or a payment waits in the ledger; accepted it is taken in, declined it is forgotten', async () => {
    await stack.startReplica();
    customer.eventType().confirmationPolicy = { type: 'always', blockUnconfirmedBookingsInBooker: true };
    const [yes, no] = [await customer.book(stack.practice.at(0)), await customer.book(stack.practice.at(60))];
    await until(async () => (await lines()).length === 2, { timeoutMs: 8000 });
    for (const line of await lines()) {
      expect(line).toMatchObject({ state: 'waiting', theirs_status: 'pending', wanted_version: 0 });
      expect(line['message']).toMatch(/until this booking is accepted/);
    }
    expect(stack.practice.appointments.size).toBe(0);
    await customer.confirm(yes.uid);
    await customer.decline(no.uid);
    const [line, ...others] = await untilTaken(1);
    await until(async () => (await lines()).length === 1, { timeoutMs: 8000 });
    expect(line).toMatchObject({ standing_uid: yes.uid });
    expect(others.length).toBeLessThan(2);
  });

  test('the mark of who did not come follows in both directions', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const soon = Math.ceil((Date.now() + 2500) / 1000) * 1000;
    const [theirs, ours] = [await practice.book(soon, 5), await practice.book(soon + 300_000, 5)];
    await stack.inStep();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, soon - Date.now()) + 300));
    const uidOf = async (id: string): Promise<string> => String((await stack.row(id))['standing_uid']);
    await customer.markAbsent(await uidOf(theirs.id), true);
    await until(() => Promise.resolve(practice.appointments.get(theirs.id)?.status === 'APPOINTMENT_STATUS_NO_SHOW'), {
      timeoutMs: 8000,
    });
    // The other begins in five minutes; to the sandbox it has begun.
    const booking = stack.sandbox.state.bookings.find(({ metadata }) => metadata['daybookId'] === ours.id)!;
    const uid = booking.uid;
    await stack.setSandbox({ now: new Date(soon + 360_000).toISOString() });
    await practice.attend(ours.id, 'APPOINTMENT_STATUS_NO_SHOW');
    await until(() => Promise.resolve(absentOf(uid)), { timeoutMs: 8000, what: 'marked absent there' });
    await practice.attend(ours.id, 'APPOINTMENT_STATUS_COMPLETED');
    await until(() => Promise.resolve(!absentOf(uid)), { timeoutMs: 8000, what: 'the mark taken back there' });
    expect(await stack.row(theirs.id)).toMatchObject({ theirs_status: 'no_show' });
  });

  function absentOf(uid: string): boolean {
    return stack.sandbox.state.bookings.find((one) => one.uid === uid)?.attendees[0]?.absent === true;
  }

  test('several seats are one appointment with a note; where we are only a guest, and what began before, is not ours', async () => {
    const past = customer.bookDirectly(Date.now() - 3_600_000, { name: 'Before' });
    const guest = customer.bookDirectly(stack.practice.at(0), { name: 'Elsewhere', hostId: 9999 });
    customer.bookDirectly(stack.practice.at(60), { name: 'Ada', others: ['Bob', 'Cyd'] });
    await stack.startReplica();
    await untilTaken(1);
    await staysQuiet();
    expect([...stack.practice.appointments.values()].map(({ customerName }) => customerName)).toEqual(['Ada']);
    expect(stack.notes).toEqual(['Also coming: Bob, Cyd']);
    expect(stack.sandbox.state.bookings.filter(({ uid }) => uid === past.uid || uid === guest.uid)).toMatchObject([
      { status: 'accepted' },
      { status: 'accepted' },
    ]);
  });

  test('a time shared by seats is moved there only: a move here is refused in words and can be taken back', async () => {
    const shared = customer.bookDirectly(stack.practice.at(60), { name: 'Ada', others: ['Bob'] });
    for (const [index, attendee] of shared.attendees.entries())
      attendee.seat = { seatUid: `seat-${index}`, metadata: {}, bookingFieldsResponses: {} };
    await stack.startReplica();
    await untilTaken(1);
    const { id } = [...stack.practice.appointments.values()][0]!;
    await stack.practice.move(id, stack.practice.at(240));
    await until(async () => (await stack.row(id))['state'] === 'failed', { timeoutMs: 8000, what: 'refused in words' });
    expect((await stack.row(id))['message']).toMatch(/seat/i);
    expect(stack.sandbox.state.bookings.find(({ uid }) => uid === shared.uid)?.status).toBe('accepted');
    await stack.practice.move(id, stack.practice.at(60));
    await until(async () => (await stack.row(id))['state'] === 'in_step', { timeoutMs: 8000, what: 'taken back' });
  });

  describe('seats of a shared time', () => {
    async function share(start: number, name: string, others: string[] = []) {
      const booking = customer.bookDirectly(start, { name, others });
      seat(booking);
      await stack.startReplica();
      await untilTaken(1);
      return booking;
    }
    function seat(booking: { attendees: { name: string; seat?: unknown }[]; updatedAt: string }): void {
      for (const attendee of booking.attendees)
        attendee.seat ??= { seatUid: `seat of ${attendee.name}`, metadata: {}, bookingFieldsResponses: {} };
      booking.updatedAt = new Date().toISOString();
    }
    const told = (text: string) => until(() => stack.notes.includes(text), { timeoutMs: 8000, what: text });

    test('who joins or leaves later is told in the notes, each change once', async () => {
      const shared = await share(stack.practice.at(60), 'Ada');
      shared.attendees.push({ ...shared.attendees[0]!, name: 'Bob', email: 'bob@example.com' });
      delete shared.attendees[1]!.seat;
      seat(shared);
      await webhook('BOOKING_CREATED', shared.uid);
      await told('Also coming: Bob');
      shared.attendees.shift();
      shared.updatedAt = new Date().toISOString();
      await webhook('BOOKING_CANCELLED', shared.uid);
      await told('Coming instead: Bob');
      await staysQuiet();
      expect(stack.notes).toEqual(['Also coming: Bob', 'Coming instead: Bob']);
      expect(await ourWrites()).toEqual([]);
      expect(await untilTaken(1)).toHaveLength(1);
    });

    test('a seat that moves alone is an appointment of its own, and no copy of the one it left', async () => {
      const shared = await share(stack.practice.at(60), 'Ada', ['Bob']);
      const [, bob] = shared.attendees;
      const alone = customer.bookDirectly(stack.practice.at(300), { name: 'Bob' });
      Object.assign(alone, { icsUid: shared.icsUid, rescheduledFromUid: shared.uid, attendees: [bob] });
      shared.attendees.pop();
      seat(shared);
      seat(alone);
      await webhook('BOOKING_RESCHEDULED', alone.uid);
      await untilTaken(2);
      await told('');
      await staysQuiet();
      const appointments = [...stack.practice.appointments.values()];
      expect(appointments.map(({ customerName, start }) => [customerName, start]).sort()).toEqual([
        ['Ada', stack.practice.at(60)],
        ['Bob', stack.practice.at(300)],
      ]);
      const active = stack.sandbox.state.bookings.filter(({ status }) => status === 'accepted');
      expect(active.map(({ uid }) => uid).sort()).toEqual([shared.uid, alone.uid].sort());
      expect(await ourWrites()).toEqual([]);
    });

    test('the last seat that moves takes the appointment with it', async () => {
      const shared = await share(stack.practice.at(60), 'Ada');
      const next = customer.bookDirectly(stack.practice.at(300), { name: 'Ada' });
      Object.assign(next, { icsUid: shared.icsUid, rescheduledFromUid: shared.uid });
      seat(next);
      Object.assign(shared, { status: 'cancelled', rescheduledToUid: next.uid });
      seat(shared);
      await until(() => [...stack.practice.appointments.values()][0]?.start === stack.practice.at(300), {
        timeoutMs: 8000,
        what: 'the appointment to move',
      });
      await staysQuiet();
      expect(stack.practice.appointments.size).toBe(1);
    });
  });

  test("a crash between scheduling's answer and our row neither doubles nor pushes the booking back", async () => {
    const { practice } = stack;
    const replica = await stack.startReplica({ INBOUND_POLL_MS: '600000' });
    await practice.book(practice.at(600));
    await stack.inStep();
    await replica.stop();
    // As a crash would leave it: asked and answered, the event on its way, and only the intent written.
    const { uid } = await customer.book(practice.at(0));
    const [connection] = await query<{ id: string }>(stack.database, { text: 'SELECT id FROM connections' });
    const key = `${connection!.id}:booked:${uid}@Cal.com`;
    await stack.applyAs(key, practice.at(0));
    await query(stack.database, {
      text: `INSERT INTO inbound_intents (connection_id, uid, change_key, start) VALUES ($1, $2, $3, $4)`,
      values: [connection!.id, `${uid}@Cal.com`, key, new Date(practice.at(0))],
    });
    await stack.startReplica({ INBOUND_POLL_MS: '600000' });
    const taken = (await untilTaken(2)).find((line) => line['standing_uid'] === uid);
    expect(taken).toMatchObject({ made_there: true, state: 'in_step' });
    expect(practice.appointments.size).toBe(2);
    expect(stack.externalLog.map(({ outcome }) => outcome)).toEqual(['applied', 'replayed']);
    expect((await ourWrites()).length).toBe(1);
    expect(stack.sandbox.state.bookings.filter(({ status }) => status === 'accepted')).toHaveLength(2);
  });

  test('scheduling away loses nothing and holds up no change of ours: the booking is taken in when it answers', async () => {
    await stack.startReplica();
    const { id } = await stack.practice.book(stack.practice.at(60));
    await stack.inStep();
    stack.setSchedulingAway(true);
    const { uid } = await customer.book(stack.practice.at(0));
    await stack.practice.move(id, stack.practice.at(120));
    await stack.inStepOf(id, 8000);
    expect((await lines()).some((line) => line['standing_uid'] === uid)).toBe(false);
    stack.setSchedulingAway(false);
    await until(async () => (await lines()).some((line) => line['standing_uid'] === uid), { timeoutMs: 12_000 });
  });
});
