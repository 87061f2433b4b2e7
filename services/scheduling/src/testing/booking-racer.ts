/**
 * A process of its own that races for one time: it says "ready", waits for a line on standard input, fires its bookings
 * at once and prints the outcome codes as JSON. Races inside one process serialise their sends and prove little.
 */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { systemClock } from '@daybook/runtime/clock';
import { findDomainError } from '@daybook/runtime/errors';
import { createLogger } from '@daybook/runtime/logger';
import { openDatabase } from '@daybook/runtime/postgres';
import { bookAppointment } from '../app/book-appointment.ts';
import { createDependencies } from '../app/dependencies.ts';

type Order = {
  organizationId: string;
  /** Epoch milliseconds. */
  start: number;
  /** Each booking starts this much later than the one before, so that overlaps are partial too. */
  staggerMs: number;
  attempts: number;
  idempotencyKey: string;
  userId: string;
};

const [url = ''] = process.argv.slice(2);
const database = openDatabase({ url, applicationName: 'racer', logger: createLogger('racer', 'silent'), poolSize: 8 });
const settings = { defaultTimeZone: 'Europe/Luxembourg', defaultCountry: 'LU', syncTargetEnabled: true };
const book = bookAppointment(createDependencies({ database, clock: systemClock, settings }));

async function attempt(order: Order, index: number): Promise<{ code: string; ms: number; id?: string }> {
  const startedAt = performance.now();
  const actor = { userId: order.userId, organizationId: order.organizationId, roles: ['owner' as const] };
  const outcome = await book(actor, {
    providerId: '',
    appointmentTypeId: '',
    durationMinutes: 30,
    start: order.start + index * order.staggerMs,
    customer: { name: 'Racer', email: '', phone: '', timeZone: '' },
    notes: '',
    override: true,
    idempotencyKey: order.idempotencyKey,
  }).then(
    ({ appointment }) => ({ code: 'OK', id: appointment.id }),
    (error: unknown) => ({ code: findDomainError(error)?.code ?? `BUG ${String(error)}` }),
  );
  return { ...outcome, ms: performance.now() - startedAt };
}

const lines = createInterface({ input: process.stdin });
await database.sequelize.query('SELECT 1');
process.stdout.write('ready\n');
for await (const line of lines) {
  const order = JSON.parse(line) as Order;
  const work = Array.from({ length: order.attempts }, (_, index) =>
    attempt({ ...order, userId: order.userId || randomUUID() }, index),
  );
  process.stdout.write(`${JSON.stringify(await Promise.all(work))}\n`);
}
await database.close();
