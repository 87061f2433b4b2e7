/**
 * `npm run bench:growth`: what Daybook costs against its size, measured and drawn into bench/growth-*.svg and
 * bench/GROWTH.md. `-- --short` takes smaller sizes and writes nothing. Everything runs with fsync, tokens, limits and logs on.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startStack, type Stack } from '@daybook/stack/start-stack';
import { expandWindows } from '../../services/scheduling/src/domain/availability.ts';
import { listStarts } from '../../services/scheduling/src/domain/slots.ts';
import { renderPlot, type Series } from './plot.ts';
import { addProviders, preparePractice, schedulingAsAdmin, type BenchPractice } from './practice.ts';
import { percentile } from './statistics.ts';

const short = process.argv.includes('--short');
const here = import.meta.dirname;
const day = 86_400_000;
const minute = 60_000;
const tomorrow = Math.ceil(Date.now() / day) * day;

type Request = { name: string; ask: (practice: BenchPractice, stack: Stack, turn: number) => Promise<Response> };

const headersOf = ({ token }: BenchPractice): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});
let bookings = 0;

/** What people do all day, each through the gateway. */
const requests: readonly Request[] = [
  {
    name: 'book',
    ask: (practice, stack) => {
      const slot = bookings++;
      const provider = practice.providerIds[slot % practice.providerIds.length]!;
      return fetch(`${stack.gatewayUrl}/api/appointments`, {
        method: 'POST',
        headers: headersOf(practice),
        body: JSON.stringify({
          customer: { name: 'Growth', email: `growth${slot % 500}@example.com` },
          start: new Date(tomorrow + Math.floor(slot / practice.providerIds.length) * 5 * minute).toISOString(),
          durationMinutes: 5,
          providerId: provider,
        }),
      });
    },
  },
  {
    name: 'list a week',
    ask: (practice, stack) =>
      fetch(
        `${stack.gatewayUrl}/api/appointments?from=${new Date(tomorrow - 7 * day).toISOString()}&to=${new Date(tomorrow).toISOString()}&limit=50`,
        { headers: headersOf(practice) },
      ),
  },
  {
    name: 'slots of 30 days',
    ask: (practice, stack, turn) =>
      fetch(
        `${stack.gatewayUrl}/api/slots?from=${new Date(tomorrow).toISOString()}&to=${new Date(tomorrow + 30 * day).toISOString()}&durationMinutes=30&providerId=${practice.providerIds[turn % practice.providerIds.length]}`,
        { headers: headersOf(practice) },
      ),
  },
  {
    name: 'search',
    ask: (practice, stack, turn) =>
      fetch(`${stack.gatewayUrl}/api/customers?q=Person%20${turn}&limit=20`, { headers: headersOf(practice) }),
  },
];

/** Median milliseconds of each kind of request; kinds take turns, so a slow moment hits all. */
async function measure(
  practice: BenchPractice,
  stack: Stack,
  times = short ? 15 : 60,
): Promise<Record<string, number>> {
  const taken: Record<string, number[]> = Object.fromEntries(requests.map(({ name }) => [name, []]));
  for (let turn = 0; turn < times + 5; turn += 1)
    for (const { name, ask } of requests) {
      const begun = performance.now();
      const answer = await ask(practice, stack, turn);
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${name} answered ${answer.status}`);
      // The first turns warm plans and caches.
      if (turn >= 5) taken[name]!.push(performance.now() - begun);
    }
  return Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, percentile(values, 0.5)]));
}

/** Fills the past of all providers evenly up to so many appointments, each with customer, claim, history and mark. */
async function fillPast(stack: Stack, practice: BenchPractice, from: number, to: number): Promise<void> {
  const client = new pg.Client({ connectionString: schedulingAsAdmin(stack) });
  await client.connect();
  const begun = performance.now();
  try {
    // Every row refers to one made beside it; asking that of a million rows eight times each would take most of the run.
    await client.query(`SET session_replication_role = replica`);
    await client.query(`SET gin_pending_list_limit = '256MB'`);
    for (let begin = from; begin < to; begin += 50_000) {
      await client.query(
        `WITH n AS (SELECT generate_series($1::bigint, $2::bigint - 1) AS n),
          one AS (SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS reservation, gen_random_uuid() AS customer,
            ($3::uuid[])[1 + n % cardinality($3::uuid[])] AS provider,
            tstzrange(b.at, b.at + interval '15 minutes', '[)') AS during
            FROM n, LATERAL (SELECT date_trunc('day', now()) - (n / cardinality($3::uuid[]) + 1) * interval '15 minutes' AS at) b),
          type AS (SELECT id FROM appointment_types WHERE organization_id = $4 AND is_default),
          who AS (INSERT INTO customers (id, organization_id, name, email, phone, time_zone, notes, version, search_text)
            SELECT customer, $4, 'Person ' || n, 'person' || n || '@example.com', '', '', '', 1, 'person ' || n FROM one),
          claim AS (INSERT INTO reservations (id, organization_id, provider_id, kind, during, occupies)
            SELECT reservation, $4, provider, 'appointment', during, during FROM one),
          made AS (INSERT INTO appointments (id, organization_id, reservation_id, provider_id, appointment_type_id, customer_id,
              during, status, version, search_text, created_at, updated_at)
            SELECT one.id, $4, reservation, provider, type.id, customer, during, 'completed', 2, 'person ' || n, now(), now() FROM one, type)
          INSERT INTO appointment_history (appointment_id, version, organization_id, action, at, actor, during, status, override)
          SELECT id, 1, $4, 'booked', now(), $5, during, 'scheduled', false FROM one`,
        [begin, Math.min(begin + 50_000, to), practice.providerIds, practice.organizationId, randomUUID()],
      );
    }
    // As autovacuum would within minutes: planner's figures, and search terms in their indexes instead of in a list of pending ones.
    await client.query('VACUUM (ANALYZE)');
    console.log(`filled up to ${to} in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  } finally {
    await client.end();
  }
}

/** So many open streams; resolves when each has its first byte. */
async function openViewers(stack: Stack, token: string, count: number): Promise<IncomingMessage[]> {
  return Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<IncomingMessage>((resolve, reject) => {
          get(
            `${stack.gatewayUrl}/api/live`,
            { headers: { authorization: `Bearer ${token}` }, agent: false },
            (answer) => {
              if (answer.statusCode === 200) resolve(answer);
              else reject(new Error(`a viewer got ${answer.statusCode}`));
            },
          ).on('error', reject);
        }),
    ),
  );
}

/** Milliseconds from asking for a booking until every viewer has its hint, median of some rounds. */
async function measureFanOut(stack: Stack, practice: BenchPractice, count: number): Promise<number> {
  const viewers = await openViewers(stack, practice.token, count);
  const times: number[] = [];
  for (let round = 0; round < (short ? 3 : 10); round += 1) {
    const heard = Promise.all(
      viewers.map(
        (viewer) =>
          new Promise<void>((resolve) => {
            const listen = (data: Buffer): void => {
              if (!data.includes('event: change')) return;
              viewer.off('data', listen);
              resolve();
            };
            viewer.on('data', listen);
          }),
      ),
    );
    const begun = performance.now();
    const answer = await requests[0]!.ask(practice, stack, round);
    await answer.arrayBuffer();
    await heard;
    times.push(performance.now() - begun);
    await new Promise((done) => setTimeout(done, 150));
  }
  for (const viewer of viewers) viewer.destroy();
  return percentile(times, 0.5);
}

/** Milliseconds to list the starts of a range, in the domain alone, with eight bookings a day. */
function measureRange(days: number): number {
  const rules = {
    timeZone: 'America/New_York',
    weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute: 540, endMinute: 1020 })),
    overrides: [],
  };
  const from = Date.UTC(2027, 0, 1, 5);
  const span = { start: from, end: from + days * day };
  const busy = Array.from({ length: days * 8 }, (_, index) => {
    const start = from + Math.floor(index / 8) * day + (9 + (index % 8)) * 3_600_000;
    return { start, end: start + 30 * minute };
  });
  const list = (): number[] =>
    listStarts({
      timeZone: rules.timeZone,
      windows: expandWindows(rules, span),
      busy,
      duration: 30 * minute,
      bufferBefore: 0,
      bufferAfter: 0,
      step: 15 * minute,
      earliest: from,
      before: span.end,
    });
  for (let warm = 0; warm < 30; warm += 1) list();
  const times = Array.from({ length: 60 }, () => {
    const begun = performance.now();
    list();
    return performance.now() - begun;
  });
  return percentile(times, 0.5);
}

const toSeries = (sizes: readonly number[], results: readonly Record<string, number>[]): Series[] =>
  Object.keys(results[0]!).map((name) => ({
    name,
    points: sizes.map((x, index) => ({ x, y: results[index]![name]! })),
  }));

const table = (size: string, sizes: readonly number[], results: readonly Record<string, number>[]): string => {
  const names = Object.keys(results[0]!);
  return [
    `| ${size} | ${names.join(' | ')} |`,
    `| --- | ${names.map(() => '--- ').join('| ')}|`,
    ...sizes.map((value, index) => {
      const cells = names.map((name) => {
        const ratio = results[index]![name]! / results[0]![name]!;
        return `${results[index]![name]!.toFixed(2)} ms (${ratio.toFixed(2)}×)`;
      });
      return `| ${value.toLocaleString('en')} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
};

async function inStack<T>(work: (stack: Stack) => Promise<T>): Promise<T> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybook-growth-'));
  const stack = await startStack({
    dataDirectory,
    ownerPassword: 'a-password-for-the-bench-only',
    quiet: true,
    extraEnv: { gateway: { RATE_LIMIT_PER_MINUTE: '10000000', LIVE_CONNECTIONS_PER_SESSION: '1000' } },
  });
  try {
    return await work(stack);
  } finally {
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

const historySizes = short ? [1000, 10_000] : [1000, 10_000, 100_000, 1_000_000];
const providerCounts = short ? [1, 10] : [1, 10, 100, 1000];
const viewerCounts = short ? [10, 50] : [10, 50, 100, 250, 500];
const rangeDays = [7, 30, 62, 183, 365];

const history = await inStack(async (stack) => {
  const practice = await preparePractice(stack, 10);
  await stack.process('calcom-sync').stop();
  const results: Record<string, number>[] = [];
  let filled = 0;
  for (const size of historySizes) {
    await fillPast(stack, practice, filled, size);
    filled = size;
    results.push(await measure(practice, stack));
    console.log(`${size} appointments`, results.at(-1));
  }
  return results;
});

const fanOut: Record<string, number>[] = [];
const providers = await inStack(async (stack) => {
  const results: Record<string, number>[] = [];
  await stack.process('calcom-sync').stop();
  let practice = await preparePractice(stack, 1);
  for (const count of providerCounts) {
    practice = await addProviders(stack, practice, count);
    results.push(await measure(practice, stack));
    console.log(`${practice.providerIds.length} providers`, results.at(-1));
  }
  for (const count of viewerCounts) {
    fanOut.push({ 'all have heard': await measureFanOut(stack, practice, count) });
    console.log(`${count} viewers`, fanOut.at(-1));
  }
  return results;
});
const ranges = rangeDays.map((days) => ({ 'list the starts': measureRange(days) }));
console.log(ranges);

if (!short) {
  const plots = [
    { file: 'history', title: 'By appointments ever made', x: 'appointments', sizes: historySizes, results: history },
    { file: 'providers', title: 'By providers', x: 'providers', sizes: providerCounts, results: providers },
    {
      file: 'viewers',
      title: 'From a booking to every live viewer',
      x: 'viewers',
      sizes: viewerCounts,
      results: fanOut,
    },
    { file: 'range', title: 'Slots of a range, in the domain', x: 'days', sizes: rangeDays, results: ranges },
  ];
  for (const { file, title, x, sizes, results } of plots)
    await writeFile(
      join(here, `../growth-${file}.svg`),
      renderPlot({ title, x, y: 'milliseconds, median', series: toSeries(sizes, results) }),
    );
  await writeFile(
    join(here, '../GROWTH.md'),
    [
      '# Cost against size',
      '',
      'Written by `npm run bench:growth`. Medians of sixty requests each through the gateway on one machine; in brackets the ratio to the smallest size. The axes of the plots are logarithmic: a flat line costs the same at any size.',
      '',
      ...plots.flatMap(({ file, title, x, sizes, results }) => [
        `## ${title}`,
        '',
        `![${title}](growth-${file}.svg)`,
        '',
        table(x, sizes, results),
        '',
      ]),
    ].join('\n'),
  );
}
process.exit(0);
