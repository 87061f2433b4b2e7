import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { startSyncStack, type SyncStack } from './testing/sync-stack.ts';

let stack: SyncStack;

beforeEach(async () => {
  stack = await startSyncStack();
}, 30_000);
afterEach(() => stack.stop(), 30_000);

async function writes(): Promise<string[]> {
  const all = await stack.requests();
  return all.filter(({ method, path }) => method === 'POST' && path.includes('/bookings')).map(({ path }) => path);
}

describe('appointments reach Cal.com', () => {
  test('book, move, change of length and cancel follow, each in under five seconds, with the uid recorded', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const begun = performance.now();
    const { id } = await practice.book(practice.at(0));
    await stack.inStep(5000);
    expect(performance.now() - begun).toBeLessThan(5000);
    const first = String((await stack.row(id))['standing_uid']);

    await practice.move(id, practice.at(60));
    await stack.inStep(5000);
    const moved = await stack.row(id);
    expect(moved['standing_uid']).not.toBe(first);
    expect(moved['uids']).toEqual([moved['standing_uid'], first]);

    await practice.resize(id, 45);
    await stack.inStep(5000);
    await practice.resize(id, 7);
    await stack.inStep(5000);

    await practice.cancel(id);
    await stack.inStep(5000);
    expect(stack.standing()).toEqual({});

    const changes = (await stack.events()).flatMap((event) => event.appointmentSyncChanged ?? []);
    expect(changes.map(({ state }) => state)).toEqual(Array(5).fill('SYNC_STATE_IN_STEP'));
    expect(changes.map(({ appointmentVersion }) => appointmentVersion)).toEqual([1, 2, 3, 4, 5]);
    expect(changes[1]).toMatchObject({ externalUid: moved['standing_uid'], durationMinutes: 30 });
  });

  test('two appointments that trade places, and three in a circle, end in step', async () => {
    await stack.startReplica({ COALESCE_MS: '500' });
    const { practice } = stack;
    const times = [0, 30, 60, 90, 120].map((minute) => practice.at(minute));
    const [a, b, c, d, e] = await Promise.all(times.map((start) => practice.book(start)));
    await stack.inStep();
    await Promise.all([practice.move(a!.id, times[1]!), practice.move(b!.id, times[0]!)]);
    await Promise.all([
      practice.move(c!.id, times[3]!),
      practice.move(d!.id, times[4]!),
      practice.move(e!.id, times[2]!),
    ]);
    await stack.inStep();
  });

  test('a whole day moved by half an hour, each into the place of the next, ends in step', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const day = [];
    for (let index = 0; index < 14; index += 1) day.push(await practice.book(practice.at(index * 30)));
    await stack.inStep();
    await Promise.all(day.map(({ id, start }) => practice.move(id, start + 30 * 60_000)));
    await stack.inStep();
  });

  test('a new appointment in the place of one just cancelled does not wait for the cancel to be due', async () => {
    await stack.startReplica({ COALESCE_MS: '5000' });
    const { practice } = stack;
    const old = await practice.book(practice.at(0));
    await stack.inStep();
    const begun = performance.now();
    await practice.cancel(old.id);
    await practice.book(practice.at(0));
    await stack.inStep(4000);
    expect(performance.now() - begun).toBeLessThan(4000);
  });

  test('what is booked and cancelled before the first attempt is no call at all', async () => {
    const { practice } = stack;
    const { id } = await practice.book(practice.at(0));
    await practice.cancel(id);
    await stack.startReplica();
    await stack.inStep();
    expect(await writes()).toEqual([]);
  });

  test('a move that is taken back within the wait is no call at all', async () => {
    await stack.startReplica({ COALESCE_MS: '1500' });
    const { practice } = stack;
    const { id, start } = await practice.book(practice.at(0));
    await stack.inStep();
    await practice.move(id, practice.at(60));
    await practice.move(id, start);
    await stack.inStep();
    expect((await stack.row(id))['wanted_version']).toBe(3);
    expect(await writes()).toHaveLength(1);
  });

  test('late, repeated and undecodable events change nothing', async () => {
    await stack.startReplica();
    const { practice } = stack;
    await stack.publishGarbage();
    const { id } = await practice.book(practice.at(0));
    await practice.move(id, practice.at(60));
    await stack.inStep();
    for (const change of practice.changes) await stack.publishAgain(change);
    await practice.book(practice.at(120));
    await stack.inStep();
    const calls = await writes();
    expect(calls.filter((path) => path.endsWith('/bookings'))).toHaveLength(2);
  });
});

describe('hours reach Cal.com', () => {
  test('weekly hours and overrides, within five seconds, and nothing is written twice', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const holiday = new Date(practice.at(0)).toISOString().slice(0, 10);
    const closed = { date: holiday, endDate: holiday, intervals: [] };
    const weekly = [{ weekday: 1, startMinute: 540, endMinute: 1440 }];
    await practice.setHours({ timeZone: 'Europe/Luxembourg', weekly, overrides: [closed] });
    const find = () => stack.sandbox.state.schedules.find(({ name }) => name === 'Daybook hours');
    const schedule = await until(find, { timeoutMs: 5000, what: 'the schedule' });
    expect(schedule).toMatchObject({
      timeZone: 'Europe/Luxembourg',
      availability: [{ days: ['Monday'], startTime: '09:00', endTime: '23:59' }],
      overrides: [{ date: holiday, startTime: '00:00', endTime: '00:00' }],
    });
    await practice.setHours({ timeZone: 'Asia/Kathmandu', weekly, overrides: [] });
    await until(() => find()?.timeZone === 'Asia/Kathmandu' && find()?.overrides.length === 0, { timeoutMs: 5000 });
    expect(stack.sandbox.state.schedules.filter(({ name }) => name === 'Daybook hours')).toHaveLength(1);
    const hoursRow = { text: `SELECT 1 FROM availability_links WHERE state = 'in_step' AND done_version = 3` };
    await practice.setHours({ timeZone: 'Asia/Kathmandu', weekly, overrides: [] });
    await until(async () => (await query(stack.database, hoursRow)).length === 1);
    const patches = (await stack.requests()).filter(
      ({ method, path }) => method === 'PATCH' && path.includes('/schedules'),
    );
    expect(patches).toHaveLength(1);
  });
});

describe('the doorbell and its backstop', () => {
  test('what the broker never brought arrives by the list of changes', async () => {
    await stack.startReplica({ CHANGES_POLL_MS: '400' });
    stack.setDoorbell(false);
    const { practice } = stack;
    await practice.book(practice.at(0));
    await practice.book(practice.at(60));
    await stack.inStep();
  });

  test('without the doorbell only the backstop moves: between two polls nothing happens', async () => {
    await stack.startReplica({ CHANGES_POLL_MS: '1500' });
    const { practice } = stack;
    await practice.book(practice.at(0));
    await stack.inStep();
    // One poll at the start and one when the broker was reached; after that they come by the clock.
    await until(() => stack.polls() >= 3);
    stack.setDoorbell(false);
    const polls = stack.polls();
    const { id } = await practice.book(practice.at(60));
    let early = false;
    await until(() => {
      const standing = id in stack.standing();
      early ||= standing && stack.polls() === polls;
      return standing;
    });
    expect(early).toBe(false);
    expect(stack.polls()).toBeGreaterThan(polls);
  });

  test('without CALCOM_API_URL changes are recorded, and connecting later catches up', async () => {
    const { practice } = stack;
    const off = await stack.startReplica({ CALCOM_API_URL: '', CALCOM_API_KEY: '' });
    await practice.book(practice.at(0));
    await until(async () => (await stack.connection())?.['state'] === 'off' && (await stack.events()).length === 0);
    await off.stop();
    expect(stack.standing()).toEqual({});
    await stack.startReplica();
    await stack.inStep();
    expect((await stack.connection())?.['state']).toBe('connected');
  });
});
