import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { query, withTransaction } from '@daybook/runtime/postgres';
import { testDatabase } from '@daybook/runtime/testing';
import { recordChange } from './desired-state.ts';

const coalesceMs = 1500;
let testDb: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  testDb = await testDatabase({ migrations: join(process.cwd(), 'services/calcom-sync/migrations') });
}, 30_000);
afterAll(() => testDb.drop());

test.each([300_000, -300_000])(
  'a clock that is off by %i ms makes a move wait no longer than for a change of mind',
  async (offset) => {
    const appointmentId = randomUUID();
    const start = Date.now() + 86_400_000;
    const attendee = { customerId: randomUUID(), name: '', email: '', timeZone: '' };
    const common = {
      kind: 'appointment',
      organizationId: randomUUID(),
      providerId: randomUUID(),
      appointmentId,
    } as const;
    const record = (version: number): Promise<void> =>
      withTransaction(testDb.database, (tx) => {
        const wanted = {
          version,
          presence: 'present' as const,
          start: start + version * 3_600_000,
          minutes: 30,
          attendee,
        };
        return recordChange(tx, { ...common, wanted, at: new Date() }, { coalesceMs, now: () => Date.now() + offset });
      });
    await record(1);
    await query(testDb.database, {
      text: `UPDATE calendar_links SET state = 'in_step', next_attempt_at = NULL, standing_uid = 'there', uids = '{there}',
               standing_start = wanted_start, standing_minutes = wanted_minutes WHERE appointment_id = $1`,
      values: [appointmentId],
    });
    await record(2);
    const [row] = await query<{ ms: number }>(testDb.database, {
      text: `SELECT (extract(epoch FROM next_attempt_at - now()) * 1000)::float8 AS ms FROM calendar_links
             WHERE appointment_id = $1 AND state = 'waiting'`,
      values: [appointmentId],
    });
    expect(row?.ms).toBeLessThanOrEqual(coalesceMs);
  },
);
