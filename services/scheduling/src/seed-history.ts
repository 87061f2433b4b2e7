/**
 * Reads JSON lines of past appointments from standard input and writes them as history of the demonstration practice:
 * `{"organizationId"?, "customer": {"name", "email"?, "phone"?, "timeZone"?}, "start", "durationMinutes",
 * "status": "completed"|"no_show"|"cancelled", "notes"?, "appointmentTypeId"?}`. The organisation comes from the lines or
 * from `--organization <uuid>`; without either the only organisation there is is meant.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '@daybook/runtime/clock';
import { loadConfig } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { openDatabase } from '@daybook/runtime/postgres';
import { z } from 'zod';
import { createDependencies } from './app/dependencies.ts';
import { findOnlyOrganization, seedHistory } from './app/seed-history.ts';
import { seedEnvironment } from './config.ts';

const line = z.strictObject({
  organizationId: z.uuid().optional(),
  customer: z.object({
    name: z.string(),
    email: z.string().default(''),
    phone: z.string().default(''),
    timeZone: z.string().default(''),
  }),
  start: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  durationMinutes: z.int(),
  status: z.enum(['completed', 'no_show', 'cancelled']),
  notes: z.string().default(''),
  appointmentTypeId: z.uuid().optional(),
});

await runMain('scheduling-seed-history', async ({ logger, lifecycle }) => {
  const config = loadConfig(seedEnvironment);
  const database = openDatabase({ url: config.DATABASE_URL, applicationName: 'seed-history', logger, poolSize: 1 });
  lifecycle.onShutdown('pools', 'database', () => database.close());
  const settings = {
    defaultTimeZone: config.DEFAULT_TIME_ZONE,
    defaultCountry: config.DEFAULT_COUNTRY,
    syncTargetEnabled: false,
  };
  const deps = createDependencies({ database, clock: systemClock, settings });
  const entries: z.output<typeof line>[] = [];
  for await (const text of createInterface({ input: process.stdin })) {
    if (text.trim() !== '') entries.push(line.parse(JSON.parse(text)));
  }
  const flag = process.argv.indexOf('--organization');
  const named = flag > 0 ? process.argv[flag + 1] : entries.find((entry) => entry.organizationId)?.organizationId;
  const organizationId = named ?? (await findOnlyOrganization(deps));
  const written = await seedHistory(deps, organizationId, entries);
  process.stdout.write(`${JSON.stringify({ read: entries.length, written })}\n`);
  await lifecycle.shutdown();
  process.exit(0);
});
