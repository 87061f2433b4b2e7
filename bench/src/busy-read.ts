import { randomUUID } from 'node:crypto';
import { createLogger } from '@daybook/runtime/logger';
import { openDatabase } from '@daybook/runtime/postgres';
import pg from 'pg';
import { listBusy } from '../../services/scheduling/src/db/reservation-repository.ts';
import type { Caller } from './caller.ts';
import { atRate } from './fixed-rate.ts';
import type { Row } from './report.ts';
import { percentile, show, summarize } from './statistics.ts';

const day = 86_400_000;
const upcoming = 200;
const histories = { small: 2_500, large: 25_000 } as const;

/** Two providers with the same 200 reservations ahead, one with ten times the other's past. */
async function fill(client: pg.Client, organizationId: string): Promise<Record<keyof typeof histories, string>> {
  const make = async (past: number): Promise<string> => {
    const id = randomUUID();
    await client.query(
      `INSERT INTO providers (id, organization_id, name, time_zone, position)
        VALUES ($1, $2, 'Bench of ' || $3::int, 'UTC', 1000)`,
      [id, organizationId, past],
    );
    await client.query(
      `INSERT INTO reservations (id, organization_id, provider_id, kind, during, occupies)
        SELECT gen_random_uuid(), $2, $1, 'appointment', r, r FROM generate_series(-$3::int, $4::int - 1) n,
          LATERAL (SELECT tstzrange(at, at + interval '30 minutes') AS r
            FROM (SELECT date_trunc('day', now()) + interval '1 day' + n * interval '1 hour' AS at) a) b`,
      [id, organizationId, past, upcoming],
    );
    return id;
  };
  const ids = { small: await make(histories.small), large: await make(histories.large) };
  await client.query('ANALYZE reservations');
  return ids;
}

async function medianOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const begun = performance.now();
    await work();
    taken.push(performance.now() - begun);
  }
  return percentile(taken, 0.5);
}

/** P6: busy time as scheduling reads it, to the same rows by node-pg alone; with ten times the history; and slots by HTTP. */
export async function benchBusyRead(options: {
  adminUrl: string;
  databaseUrl: string;
  organizationId: string;
  caller: Caller;
  rounds: number;
  seconds: number;
}): Promise<Row[]> {
  const raw = new pg.Client({ connectionString: options.adminUrl });
  await raw.connect();
  const database = openDatabase({
    url: options.databaseUrl,
    applicationName: 'bench',
    logger: createLogger('bench', 'error'),
  });
  const overhead: number[] = [];
  const history: number[] = [];
  const slots: number[] = [];
  try {
    const providers = await fill(raw, options.organizationId);
    const start = Math.ceil(Date.now() / day) * day;
    const span = { start, end: start + 30 * day };
    const byPg = (): Promise<unknown> =>
      raw.query({
        name: 'raw_busy',
        text: `SELECT (extract(epoch FROM lower(occupies)) * 1000)::float8 AS start,
            (extract(epoch FROM upper(occupies)) * 1000)::float8 AS end FROM reservations
          WHERE provider_id = $1 AND occupies && tstzrange($2, $3, '[)') ORDER BY lower(occupies)`,
        values: [providers.small, new Date(span.start), new Date(span.end)],
      });
    const ours = (provider: string) => (): Promise<unknown> => listBusy(database, provider, span);
    const found = await listBusy(database, providers.small, span);
    if (found.length !== upcoming) throw new Error(`${found.length} busy stretches were read, not ${upcoming}`);
    for (let round = 0; round <= options.rounds; round += 1) {
      const reference = await medianOf(150, byPg);
      const small = await medianOf(150, ours(providers.small));
      const large = await medianOf(150, ours(providers.large));
      const { perSecond, seconds } = { perSecond: 100, seconds: options.seconds };
      const answers = await atRate({ perSecond, seconds }, (index) => options.caller.slots(index));
      // The first round warms plans, caches and connections.
      if (round === 0) continue;
      overhead.push(small / reference);
      history.push(large / small);
      slots.push(percentile(answers, 0.99));
    }
  } finally {
    await raw.end();
    await database.close();
  }
  const [first, second, third] = [summarize(overhead), summarize(history), summarize(slots)];
  return [
    {
      goal: 'P6',
      what: `busy time of 30 days with ${upcoming} reservations, to node-pg's own query of the same rows`,
      measured: `${show(first)}×`,
      wanted: '≤ 1.3×',
      met: first.median <= 1.3,
    },
    {
      goal: 'P6',
      what: 'the same with 25,000 past reservations, to 2,500',
      measured: `${show(second)}×`,
      wanted: '≤ 1.2×',
      met: second.median <= 1.2,
    },
    {
      goal: 'P6',
      what: 'slots of 30 days by HTTP at 100/s, p99 from when each was due',
      measured: `${show(third, 1)} ms`,
      wanted: '≤ 25 ms',
      met: third.median <= 25,
    },
  ];
}
