/**
 * `npm run bench`: measures Daybook as ratios to baselines of the same run and writes bench/RESULTS.md.
 * `npm run bench -- --short` makes fewer and shorter rounds and writes nothing.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startStack, type Stack } from '@daybook/stack/start-stack';
import { benchPipeline } from './pipeline.ts';
import { countDeadlocks, preparePractice, schedulingAsAdmin, type BenchPractice } from './practice.ts';
import { createReference } from './reference-booking.ts';
import { benchSlots } from './slots.ts';
import { percentile, show, summarize } from './statistics.ts';

const run = promisify(execFile);
const short = process.argv.includes('--short');
const rounds = short ? 3 : 5;
const seconds = short ? 2 : 4;
const clients = 32;
const here = import.meta.dirname;

type Booked = { done: number; seconds: number; cpuMicroseconds: number };
type Load = { statuses: Record<string, number>; seconds: number; latencies: number[] };

async function inProcess<T>(file: string, ...args: (string | number)[]): Promise<T> {
  const { stdout } = await run(process.execPath, [join(here, file), ...args.map(String)], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

const services = ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const;
/** Resident memory in MiB. */
const memory = (stack: Stack): Record<string, number> =>
  Object.fromEntries(services.map((name) => [name, stack.process(name).memory() / 2 ** 20]));

/** P1 and P2: one round measures the reference, the operation and the whole way by HTTP, one after the other. */
async function benchBookings(stack: Stack, practice: BenchPractice) {
  const reference = await createReference(schedulingAsAdmin(stack));
  const figures = {
    reference: [] as number[],
    operation: [] as number[],
    http: [] as number[],
    latencies: [] as number[],
    cpu: [] as number[],
  };
  const providers = practice.providerIds.join(',');
  // Each round books on days of its own; the horizon is half a year.
  const spread = Math.floor(170 / (rounds * 2));
  for (let round = 0; round < rounds; round += 1) {
    figures.reference.push(await reference.transactionsPerSecond(clients, seconds));
    const operation = await inProcess<Booked>(
      'booking-operation.ts',
      stack.databaseUrls.scheduling,
      practice.organizationId,
      providers,
      clients,
      seconds,
      1 + round * 2 * spread,
    );
    figures.operation.push(operation.done / operation.seconds);
    figures.cpu.push(operation.cpuMicroseconds);
    const load = await inProcess<Load>(
      'http-load.ts',
      stack.gatewayUrl,
      practice.token,
      providers,
      clients,
      seconds,
      1 + (round * 2 + 1) * spread,
    );
    const booked = load.statuses['201'] ?? 0;
    if (booked !== load.latencies.length)
      throw new Error(`not every booking was accepted: ${JSON.stringify(load.statuses)}`);
    figures.http.push(booked / load.seconds);
    figures.latencies.push(...load.latencies);
    console.log(
      `round ${round + 1}: reference ${figures.reference.at(-1)!.toFixed(0)}/s, operation ${figures.operation.at(-1)!.toFixed(0)}/s, http ${figures.http.at(-1)!.toFixed(0)}/s`,
    );
  }
  const ratios = (values: number[]) => summarize(values.map((value, round) => value / figures.reference[round]!));
  return { name: reference.name, figures, p1: ratios(figures.operation), p2: ratios(figures.http) };
}

/** P7: all connections ask for one start, again and again; each start has exactly one winner. */
async function benchHotSlot(stack: Stack, practice: BenchPractice) {
  const before = await countDeadlocks(stack);
  const losers: number[] = [];
  let slowest = 0;
  const starts = short ? 20 : 100;
  for (let index = 0; index < starts; index += 1) {
    const start = new Date(
      Math.ceil(Date.now() / 86_400_000) * 86_400_000 + 175 * 86_400_000 + index * 1_800_000,
    ).toISOString();
    const answers = await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        const begun = performance.now();
        const answer = await fetch(`${stack.gatewayUrl}/api/appointments`, {
          method: 'POST',
          headers: { authorization: `Bearer ${practice.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            customer: { name: `Racer ${client}` },
            start,
            durationMinutes: 30,
            providerId: practice.providerIds[0],
          }),
        });
        await answer.arrayBuffer();
        return { status: answer.status, milliseconds: performance.now() - begun };
      }),
    );
    const winners = answers.filter(({ status }) => status === 201).length;
    if (winners !== 1 || answers.some(({ status }) => status !== 201 && status !== 409))
      throw new Error(`one start, ${winners} winners: ${JSON.stringify(answers.map(({ status }) => status))}`);
    losers.push(...answers.filter(({ status }) => status === 409).map(({ milliseconds }) => milliseconds));
    slowest = Math.max(slowest, ...answers.map(({ milliseconds }) => milliseconds));
  }
  return {
    starts,
    deadlocks: (await countDeadlocks(stack)) - before,
    p50: percentile(losers, 0.5),
    p99: percentile(losers, 0.99),
    slowest,
  };
}

function book(stack: Stack, practice: BenchPractice): (index: number) => Promise<void> {
  const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000 + 171 * 86_400_000;
  return async (index) => {
    const answer = await fetch(`${stack.gatewayUrl}/api/appointments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${practice.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        customer: { name: `Pipeline ${index}` },
        start: new Date(midnight + Math.floor(index / practice.providerIds.length) * 300_000).toISOString(),
        durationMinutes: 5,
        providerId: practice.providerIds[index % practice.providerIds.length],
      }),
    });
    await answer.arrayBuffer();
    if (answer.status !== 201) throw new Error(`a booking answered ${answer.status}`);
  };
}

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const versions = JSON.parse(readFileSync(join(here, '../../package.json'), 'utf8')) as { version: string };
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, Daybook ${versions.version}`;
}

const met = (ok: boolean): string => (ok ? 'met' : '**missed**');

const dataDirectory = await mkdtemp(join(tmpdir(), 'daybook-bench-'));
const stack = await startStack({
  dataDirectory,
  ownerPassword: 'a-password-for-the-bench-only',
  quiet: true,
  extraEnv: { gateway: { RATE_LIMIT_PER_MINUTE: '10000000' } },
});
try {
  console.log(machine());
  const slots = benchSlots(rounds);
  console.table(slots);
  const practice = await preparePractice(stack, clients);
  await new Promise((done) => setTimeout(done, 3000));
  const idle = memory(stack);
  const pipeline = await benchPipeline(stack.natsUrl, book(stack, practice), {
    perSecond: 50,
    seconds: short ? 4 : 20,
  });
  // Pushing tens of thousands of bookings to the stand-in would measure the stand-in.
  await stack.process('calcom-sync').stop();
  const hot = await benchHotSlot(stack, practice);
  const bookings = await benchBookings(stack, practice);
  const loaded = memory(stack);
  const rows = [
    [
      'P1',
      'booking operation, 32 callers, to the reference transaction',
      show(bookings.p1),
      '≥ 0.60',
      met(bookings.p1.median >= 0.6),
    ],
    [
      'P2',
      'HTTP to commit, 32 connections, to the reference transaction',
      show(bookings.p2),
      '≥ 0.25',
      met(bookings.p2.median >= 0.25),
    ],
    ...slots.map(({ name, ratio, median }) => [
      'P5',
      `slots of 30 days, ${name}, to a per-slot library loop, warm`,
      `${ratio}×`,
      '≥ 100×',
      met(median >= 100),
    ]),
    [
      'P5',
      'slots of 30 days, own time at p99, worst case',
      `${Math.max(...slots.map(({ p99 }) => Number(p99)))} ms`,
      '≤ 1 ms',
      met(Math.max(...slots.map(({ p99 }) => Number(p99))) <= 1),
    ],
    [
      'P7',
      `one start, ${clients} connections, ${hot.starts} times: deadlocks`,
      String(hot.deadlocks),
      '0',
      met(hot.deadlocks === 0),
    ],
    ['P7', 'the same: slowest answer', `${hot.slowest.toFixed(0)} ms`, '≤ 250 ms', met(hot.slowest <= 250)],
    [
      'P7',
      'the same: losers told at p50 / p99 (all 32 at once on this machine)',
      `${hot.p50.toFixed(0)} / ${hot.p99.toFixed(0)} ms`,
      'p99 ≤ 50 ms',
      met(hot.p99 <= 50),
    ],
    [
      'P8',
      `commit to a JetStream consumer at 50/s (${pipeline.events} events), p50`,
      `${pipeline.p50.toFixed(1)} ms`,
      '≤ 5 ms',
      met(pipeline.p50 <= 5),
    ],
    ['P8', 'the same, p99', `${pipeline.p99.toFixed(1)} ms`, '≤ 25 ms', met(pipeline.p99 <= 25)],
    ...services.map((name) => [
      'P12',
      `memory of ${name}, idle / loaded`,
      `${idle[name]!.toFixed(0)} / ${name === 'calcom-sync' ? '-' : loaded[name]!.toFixed(0)} MB`,
      '≤ 90 / 180 MB',
      met(idle[name]! <= 90 && !(loaded[name]! > 180)),
    ]),
  ];
  const table = [
    '| Goal | What | Measured | Wanted | |',
    '|---|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
  console.log(table);
  if (!short)
    await writeFile(
      join(here, '../RESULTS.md'),
      `# Results of \`npm run bench\`

${new Date().toISOString().slice(0, 10)}: ${machine()}. Median [range] of ${rounds} rounds of ${seconds} s; reference and candidate take turns in each
round, so a slow moment of the machine hits both. The load generator shares the cores.

${table}

How to read it: the reference is ${bookings.name}: the same four inserts (reservation with its exclusion constraint, appointment,
history, outbox) in one transaction, into copies of the real tables without foreign keys, by ${clients} clients that never compete. It does no lookup, no
lock, no decision and no customer. Its rate here was ${show(summarize(bookings.figures.reference), 0)} transactions a second; the operation's
${show(summarize(bookings.figures.operation), 0)} with ${show(summarize(bookings.figures.cpu), 0)} µs CPU of Node each; by HTTP ${show(summarize(bookings.figures.http), 0)} with p50 / p99
${percentile(bookings.figures.latencies, 0.5).toFixed(0)} / ${percentile(bookings.figures.latencies, 0.99).toFixed(0)} ms. Everything ran with fsync on, tokens checked, limits and logs as always.
Slots are compared start by start with the library's before they are timed.
`,
    );
} finally {
  await stack.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}
