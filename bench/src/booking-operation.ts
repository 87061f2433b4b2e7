/**
 * P1, the candidate: the booking use case on its own (lock, decision, write with history, event and answer), as the gRPC
 * handler calls it, without gRPC. A process of its own, so that its CPU time is its own.
 * Arguments: application role's database address, organisation, provider ids (comma separated), callers, seconds, first day ahead.
 * Prints one JSON line: {done, all, seconds, cpuMicroseconds}; `all` counts the warm-up too.
 */
import { openDatabase } from '@daybook/runtime/postgres';
import { createLogger } from '@daybook/runtime/logger';
import { systemClock } from '@daybook/runtime/clock';
import { bookAppointment } from '../../services/scheduling/src/app/book-appointment.ts';
import { createDependencies } from '../../services/scheduling/src/app/dependencies.ts';

const [url = '', organizationId = '', providers = '', callers = '32', seconds = '3', firstDay = '1'] =
  process.argv.slice(2);
const database = openDatabase({
  url,
  poolSize: Number(callers),
  applicationName: 'bench',
  logger: createLogger('bench', 'error'),
});
const deps = createDependencies({
  database,
  clock: systemClock,
  settings: { defaultTimeZone: 'UTC', defaultCountry: 'LU', syncTargetEnabled: true },
});
const book = bookAppointment(deps);
const actor = {
  kind: 'user',
  userId: '00000000-0000-4000-8000-000000000001',
  organizationId,
  roles: ['owner'],
  sessionId: '00000000-0000-4000-8000-000000000002',
  tokenExpiresAt: Number.MAX_SAFE_INTEGER,
} as const;
const providerIds = providers.split(',');
const minute = 60_000;
const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000 + (Number(firstDay) - 1) * 86_400_000;

let next = 0;
let done = 0;
let failed = 0;
let reason = '';
async function call(): Promise<void> {
  const slot = next;
  next += 1;
  const name = `Bench ${slot % 500}`;
  try {
    await book(actor, {
      providerId: providerIds[slot % providerIds.length]!,
      appointmentTypeId: '',
      durationMinutes: 5,
      start: midnight + Math.floor(slot / providerIds.length) * 5 * minute,
      customer: { name, email: `${name.replace(' ', '.').toLowerCase()}@example.com`, phone: '', timeZone: '' },
      notes: '',
      override: false,
      idempotencyKey: '',
    });
    done += 1;
  } catch (error) {
    failed += 1;
    reason = String(error);
  }
}
// Plans, caches and connections first.
await Promise.all(Array.from({ length: Number(callers) * 4 }, call));
if (failed > 0) throw new Error(`${failed} of ${done + failed} bookings failed: ${reason}`);
const warmed = done;
done = 0;
const cpu = process.cpuUsage();
const begun = performance.now();
const end = begun + Number(seconds) * 1000;
await Promise.all(
  Array.from({ length: Number(callers) }, async () => {
    while (performance.now() < end) await call();
  }),
);
const elapsed = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpu);
if (failed > 0) throw new Error(`${failed} bookings failed: ${reason}`);
console.log(JSON.stringify({ done, all: warmed + done, seconds: elapsed, cpuMicroseconds: (user + system) / done }));
await database.close();
process.exit(0);
