import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@daybook/runtime/testing';
import type { ServiceName } from '@daybook/stack/stack-layout';
import type { Stack } from '@daybook/stack/start-stack';
import { turnKnob } from '../../calcom/support/both-sides.ts';
import type { ApiClient } from '../api-client.ts';
import type { Operation } from '../history.ts';
import { bookingOf, customersDomain } from '../load.ts';
import { rowsOf } from '../rows-of.ts';
import { owner } from '../stack.ts';
import type { Evidence } from './invariants.ts';

type Stored = {
  id: string;
  start: Date;
  end: Date;
  version: number;
  history: number[];
  events: number[];
};

/** Appointments as they are stored, with what was written down and told of them. */
export async function readStored(stack: Stack): Promise<Evidence['stored']> {
  const rows = await rowsOf<Stored>(
    stack.databaseUrls.scheduling,
    `SELECT a.id, lower(a.during) AS start, upper(a.during) AS end, a.version,
       ARRAY(SELECT h.version FROM appointment_history h WHERE h.appointment_id = a.id) AS history,
       ARRAY(SELECT o.aggregate_version FROM outbox o WHERE o.aggregate_id = a.id) AS events
     FROM appointments a`,
  );
  return rows.map((row) => ({ ...row, start: row.start.getTime(), end: row.end.getTime() }));
}

/** What calendar sync wants of each appointment. */
export async function readLedger(stack: Stack): Promise<Evidence['ledger']> {
  return rowsOf(
    stack.databaseUrls.calcomSync,
    'SELECT appointment_id AS id, wanted_version AS version, state, attempts FROM calendar_links',
  );
}

/** Pairs of claims that overlap, by PostgreSQL's own arithmetic. */
export async function countOverlaps(stack: Stack): Promise<number> {
  const [row] = await rowsOf<{ count: string }>(
    stack.databaseUrls.scheduling,
    `SELECT count(*) FROM appointments a JOIN appointments b ON a.provider_id = b.provider_id AND a.id < b.id
       AND a.during && b.during
     WHERE a.status IN ('scheduled', 'completed') AND b.status IN ('scheduled', 'completed')`,
  );
  return Number(row?.count ?? -1);
}

/** Events of appointments that calendar sync has not applied; the list and the inbox are in two databases. */
export async function readUnapplied(stack: Stack): Promise<string[]> {
  const events = await rowsOf<{ event_id: string }>(
    stack.databaseUrls.scheduling,
    'SELECT event_id FROM outbox WHERE aggregate_id IN (SELECT id FROM appointments)',
  );
  const applied = await rowsOf<{ event_id: string }>(stack.databaseUrls.calcomSync, 'SELECT event_id FROM inbox');
  const known = new Set(applied.map(({ event_id }) => event_id));
  return events.map(({ event_id }) => event_id).filter((id) => !known.has(id));
}

/** What still waits to be told or done although nothing is broken any more. */
export async function readStuck(stack: Stack): Promise<string[]> {
  const count = 'SELECT count(*) FROM outbox WHERE published_at IS NULL';
  const waiting = await Promise.all(
    [stack.databaseUrls.scheduling, stack.databaseUrls.calcomSync].map(async (url) =>
      Number((await rowsOf<{ count: string }>(url, count))[0]?.count ?? 0),
    ),
  );
  return waiting.flatMap((events, index) =>
    events === 0 ? [] : [`${events} events wait in the outbox of ${index === 0 ? 'scheduling' : 'calendar sync'}`],
  );
}

/** A booking's answer in one line. */
export const answerLine = ({ id, start, version }: { id: string; start: string; version: number }): string =>
  `${id} ${Date.parse(start)} ${version}`;

/** Sends acknowledged bookings once more with their keys: the answer must be the first one (I3). */
export async function replayKeys(
  api: ApiClient,
  history: readonly Operation[],
  most: number,
): Promise<Evidence['replays'][number][]> {
  const told = history.filter(({ kind, outcome }) => kind === 'book' && outcome === 'ok').slice(-most);
  const replays: Evidence['replays'][number][] = [];
  for (const { key = '', appointmentId = '', start = 0, version = 0 } of told) {
    const answer = await api.book(bookingOf(key, new Date(start).toISOString()), { key });
    const again = answer.status === 201 ? answerLine(answer.body) : `${answer.status} ${answer.problem?.code ?? ''}`;
    replays.push({ key, first: `${appointmentId} ${start} ${version}`, again });
  }
  return replays;
}

/** What may stand in no log, by what it is. */
export function listSecrets(stack: Stack, tokens: readonly string[]): Map<string, string> {
  const found = new Map<string, string>([
    [owner.password, "the owner's password"],
    [`@${customersDomain}`, "a customer's address"],
    [stack.calcomApiKey, 'the key of Cal.com'],
    ...tokens.map((token) => [token, 'an access token'] as const),
  ]);
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'string' && value.length >= 16) found.set(value, name);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, `${name} ${key}`);
  };
  walk(JSON.parse(readFileSync(join(stack.dataDirectory, 'secrets.json'), 'utf8')), 'the secret');
  return found;
}

/** The logs of PostgreSQL and NATS. */
export function readServerLogs(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    try {
      const files = readdirSync(folder).filter((name) => name.endsWith('.log'));
      return files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
    } catch {
      return [];
    }
  });
}

/** Where PostgreSQL broke a circle of waiting transactions, with what it says of them. */
export function findDeadlocks(lines: readonly string[]): string[] {
  return lines.flatMap((line, index) =>
    /deadlock detected/i.test(line)
      ? [
          lines
            .slice(index, index + 12)
            .join(' | ')
            .slice(0, 1500),
        ]
      : [],
  );
}

/** How many connections each service has on the server of the databases, and how many of them rest inside a transaction. */
export async function readConnections(stack: Stack): Promise<Map<string, number>> {
  const rows = await rowsOf<{ name: string; count: string }>(
    stack.adminDatabaseUrl,
    `SELECT application_name || CASE WHEN state LIKE 'idle in transaction%' AND state_change < now() - interval '2 seconds'
       THEN ' in a transaction' ELSE '' END AS name, count(*)
     FROM pg_stat_activity WHERE application_name IN ('auth', 'scheduling', 'calcom-sync', 'daybook-outbox-relay')
     GROUP BY 1`,
  );
  return new Map(rows.map(({ name, count }) => [name, Number(count)]));
}

/** Of a process's pool of database connections: its size, and how many callers wait for one; the gateway has none. */
export async function readPool(
  stack: Stack,
  name: ServiceName,
  replica: number,
): Promise<{ limit: number; inLine: number }> {
  const ask = (): Promise<Response> =>
    fetch(`${stack.adminUrlOf(name, replica)}/metrics`, { signal: AbortSignal.timeout(5000) });
  const page = await until(async () => (await ask()).text(), { timeoutMs: 20_000, what: `the metrics of ${name}` });
  const valueOf = (metric: string): number =>
    Number(new RegExp(`^${metric}\\{[^}]*\\} (\\d+)`, 'm').exec(page)?.[1] ?? 0);
  return { limit: valueOf('daybook_db_pool_limit'), inLine: valueOf('daybook_db_pool_waiting') };
}

/** How long each event published since an instant took from the broker to calendar sync, ms; the two are on one server. */
export async function readDelays(stack: Stack, since: string): Promise<number[]> {
  const published = await rowsOf<{ event_id: string; at: Date }>(
    stack.databaseUrls.scheduling,
    'SELECT event_id, published_at AS at FROM outbox WHERE published_at >= $1',
    [since],
  );
  const received = await rowsOf<{ event_id: string; at: Date }>(
    stack.databaseUrls.calcomSync,
    'SELECT event_id, received_at AS at FROM inbox WHERE received_at >= $1',
    [since],
  );
  const arrived = new Map(received.map(({ event_id, at }) => [event_id, at.getTime()]));
  return published.flatMap(({ event_id, at }) => {
    const then = arrived.get(event_id);
    return then === undefined ? [] : [Math.max(0, then - at.getTime())];
  });
}

/** Where secrets were written; the line is told up to the secret. */
export function findLeaks(lines: readonly string[], secrets: ReadonlyMap<string, string>): string[] {
  const leaks = new Set<string>();
  for (const line of lines)
    for (const [secret, name] of secrets) {
      const at = line.indexOf(secret);
      if (at >= 0) leaks.add(`${name} stands in a log after: ${line.slice(Math.max(0, at - 120), at)}`);
    }
  return [...leaks].slice(0, 10);
}

/** Open files and resident memory of a process; undefined where the system does not tell. */
export function readProcess(pid: number | undefined): { files: number; megabytes: number } | undefined {
  if (pid === undefined) return undefined;
  try {
    const files = readdirSync(`/proc/${pid}/fd`).length;
    const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { files, megabytes: Math.round(Number(resident ?? 0) / 1024) };
  } catch {
    return undefined;
  }
}

/** A call that the stand-in for Cal.com got; `at` as UTC ISO 8601, `fault` the one it met there. */
type CalcomCall = { seq: number; at: string; status: number | null; fault: string | null };

/** The calls after the one of this number, in order. */
export async function readCalls(stack: Stack, since: number): Promise<CalcomCall[]> {
  const { requests } = (await turnKnob(stack.sandboxUrl!, 'GET', `/requests?since=${since}`)) as {
    requests: CalcomCall[];
  };
  return requests;
}
