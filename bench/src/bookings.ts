import pg from 'pg';
import type { Stack } from '@daybook/stack/start-stack';
import { cpuOfAll, cpuOfFamily, inProcess } from './processes.ts';
import { schedulingAsAdmin, type BenchPractice } from './practice.ts';
import { createReference } from './reference-booking.ts';
import type { Row } from './report.ts';
import { percentile, show, summarize, type Summary } from './statistics.ts';

/** `all` counts those that warmed it up as well. */
type Booked = { done: number; all: number; seconds: number; cpuMicroseconds: number };
type Load = { statuses: Record<string, number>; seconds: number; latencies: number[] };

const clients = 32;
const copyName = 'bench_operation';
const warmSeconds = 2.5;
/** A day ahead that nothing else of the bench books. */
const warmDay = 166;

/** What the rounds gave, one figure a round. */
export type BookingFigures = {
  referenceName: string;
  reference: Summary;
  operation: Summary;
  http: Summary;
  /** Node's CPU time of one booking operation, in µs. */
  operationCpu: Summary;
  /** CPU time of Node and PostgreSQL of one operation, to PostgreSQL's of one reference transaction. */
  operationToReference: Summary;
  latencies: { p50: number; p99: number };
  p1: Summary;
  p2: Summary;
  p3: Summary;
};

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

/**
 * A copy of scheduling's database for the operation alone and the reference: nobody publishes what they leave in its
 * outbox. Scheduling is stopped for it, because a database in use cannot be copied.
 */
export async function copyDatabase(stack: Stack): Promise<{ adminUrl: string; appUrl: string }> {
  const client = new pg.Client({ connectionString: stack.adminDatabaseUrl });
  await client.connect();
  await stack.process('scheduling').stop();
  try {
    const source = new URL(stack.databaseUrls.scheduling).pathname.slice(1);
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, [source]);
    await client.query(`CREATE DATABASE ${copyName} TEMPLATE ${pg.escapeIdentifier(source)}`);
  } finally {
    await client.end();
    await stack.process('scheduling').start();
  }
  return {
    adminUrl: withDatabase(schedulingAsAdmin(stack), copyName),
    appUrl: withDatabase(stack.databaseUrls.scheduling, copyName),
  };
}

/** P1, P2 and P3: a round measures the reference, the operation and the whole way by HTTP, one after the other. */
export async function measureBookings(
  stack: Stack,
  practice: BenchPractice,
  copy: { adminUrl: string; appUrl: string },
  options: { rounds: number; seconds: number; say: (line: string) => void },
): Promise<BookingFigures> {
  const { rounds, seconds } = options;
  const reference = await createReference(copy.adminUrl);
  const providers = practice.providerIds.join(',');
  const rates = { reference: [] as number[], operation: [] as number[], http: [] as number[] };
  const cpu = {
    reference: [] as number[],
    operationPostgres: [] as number[],
    operation: [] as number[],
    http: [] as number[],
  };
  const latencies: number[] = [];
  // Each round books on days of its own; the horizon is half a year.
  const spread = Math.floor(140 / (rounds * 2));
  const byHttp = (length: number, day: number): Promise<Load> =>
    inProcess<Load>('http-load.ts', ...[stack.gatewayUrl, practice.token, providers, clients, length, day]);
  // The operation's own process warms up by itself; gateway and scheduling run until their hot paths are compiled.
  await byHttp(warmSeconds, warmDay);
  for (let round = 0; round < rounds; round += 1) {
    const firstDay = (half: number): number => 1 + (round * 2 + half) * spread;
    const postgres = cpuOfFamily(stack.postgres.pid);
    rates.reference.push(await reference.transactionsPerSecond(clients, seconds));
    cpu.reference.push(((cpuOfFamily(stack.postgres.pid) - postgres) * 1000) / (rates.reference.at(-1)! * seconds));
    const untilOperation = cpuOfFamily(stack.postgres.pid);
    const operation = await inProcess<Booked>(
      'booking-operation.ts',
      ...[copy.appUrl, practice.organizationId, providers, clients, seconds, firstDay(0)],
    );
    rates.operation.push(operation.done / operation.seconds);
    cpu.operation.push(operation.cpuMicroseconds);
    cpu.operationPostgres.push(((cpuOfFamily(stack.postgres.pid) - untilOperation) * 1000) / operation.all);
    const all = cpuOfAll(stack);
    const load = await byHttp(seconds, firstDay(1));
    const booked = load.statuses['201'] ?? 0;
    if (booked !== load.latencies.length)
      throw new Error(`not every booking was accepted: ${JSON.stringify(load.statuses)}`);
    rates.http.push(booked / load.seconds);
    cpu.http.push(((cpuOfAll(stack) - all) * 1000) / booked);
    latencies.push(...load.latencies);
    const rate = (name: keyof typeof rates): string => rates[name].at(-1)!.toFixed(0);
    options.say(
      `round ${round + 1}: reference ${rate('reference')}/s, operation ${rate('operation')}/s, http ${rate('http')}/s; ` +
        `CPU of PostgreSQL for a reference ${cpu.reference.at(-1)!.toFixed(0)} µs, for an operation ${cpu.operationPostgres.at(-1)!.toFixed(0)} and of Node ${cpu.operation.at(-1)!.toFixed(0)} µs, of everything for a booking ${cpu.http.at(-1)!.toFixed(0)} µs`,
    );
  }
  const ratios = (values: number[], to: number[]): Summary =>
    summarize(values.map((value, round) => value / to[round]!));
  return {
    referenceName: reference.name,
    reference: summarize(rates.reference),
    operation: summarize(rates.operation),
    http: summarize(rates.http),
    operationCpu: summarize(cpu.operation),
    operationToReference: ratios(
      cpu.operation.map((node, round) => node + cpu.operationPostgres[round]!),
      cpu.reference,
    ),
    latencies: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
    p1: ratios(rates.operation, rates.reference),
    p2: ratios(rates.http, rates.reference),
    p3: ratios(cpu.http, cpu.reference),
  };
}

/** The rows of P1, P2 and P3. */
export function bookingRows({ p1, p2, p3 }: BookingFigures): Row[] {
  return [
    {
      goal: 'P1',
      what: `booking operation, ${clients} callers, to the reference transaction`,
      measured: show(p1),
      wanted: '≥ 0.60',
      met: p1.median >= 0.6,
    },
    {
      goal: 'P2',
      what: `HTTP to commit, ${clients} connections, to the reference transaction`,
      measured: show(p2),
      wanted: '≥ 0.25',
      met: p2.median >= 0.25,
    },
    {
      goal: 'P3',
      what: "CPU time of everything that serves, per booking by HTTP, to PostgreSQL's own for the reference",
      measured: `${show(p3, 1)}×`,
      wanted: '≤ 6.5×',
      met: p3.median <= 6.5,
    },
  ];
}
