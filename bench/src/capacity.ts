/**
 * `npm run bench:capacity`: what one processor core carries. Measures the processor time each kind of work costs in every
 * process, which neighbours on the machine hardly change, and writes the tables of docs/operations/capacity.md.
 * `-- --short` takes shorter rounds and writes nothing. fsync, tokens and logs are on as always; only limits on rates are
 * lifted. Linux only.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUpAndProve } from '@daybook/operate/back-up-and-prove';
import { createLogger } from '@daybook/runtime/logger';
import { startStack, type Stack } from '@daybook/stack/start-stack';
import pg from 'pg';
import { preparePractice, schedulingAsAdmin, type BenchPractice } from './practice.ts';
import { processorTime } from './processor-time.ts';

const short = process.argv.includes('--short');
const seconds = short ? 3 : 15;
const viewers = short ? 50 : 400;
const page = join(import.meta.dirname, '../../docs/operations/capacity.md');
const day = 86_400_000;
const tomorrow = Math.ceil(Date.now() / day) * day;
const names = ['gateway', 'auth', 'scheduling', 'calcom-sync', 'PostgreSQL', 'NATS'] as const;
type Name = (typeof names)[number];
type Cost = { what: string; done: number; milliseconds: Record<Name, number> };

const forEach = <T>(work: (name: Name) => T) =>
  Object.fromEntries(names.map((name) => [name, work(name)])) as Record<Name, T>;

function pidOf(stack: Stack, name: Name): number {
  const pid = name === 'PostgreSQL' ? stack.postgres.pid : name === 'NATS' ? stack.nats.pid : stack.process(name).pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

type Work = { what: string; callers: number; ask: (turn: number) => Promise<Response>; settle?: () => Promise<void> };

/** What every process costs while nobody asks for anything, milliseconds of processor time a second. */
async function measureIdle(stack: Stack): Promise<Record<Name, number>> {
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const length = short ? 5 : 20;
  const before = forEach((name) => processorTime(pidOf(stack, name)));
  await new Promise((resolve) => setTimeout(resolve, length * 1000));
  return forEach((name) => (processorTime(pidOf(stack, name)) - before[name]) / length);
}

/** Does one kind of work for a while and divides the processor time of each process by how often it was done, less what it costs idle. */
async function measure(stack: Stack, idle: Record<Name, number>, { what, callers, ask, settle }: Work): Promise<Cost> {
  let turn = 0;
  async function caller(until: number): Promise<void> {
    while (performance.now() < until) {
      turn += 1;
      const answer = await ask(turn);
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${what} answered ${answer.status}`);
    }
  }
  const round = async (length: number): Promise<void> => {
    const until = performance.now() + length * 1000;
    await Promise.all(Array.from({ length: callers }, () => caller(until)));
    await settle?.();
  };
  await round(seconds / 3);
  const first = turn;
  const before = forEach((name) => processorTime(pidOf(stack, name)));
  const begun = performance.now();
  await round(seconds);
  const elapsed = (performance.now() - begun) / 1000;
  const done = turn - first;
  const milliseconds = forEach((name) => {
    const spent = processorTime(pidOf(stack, name)) - before[name];
    return Math.max(0, spent - idle[name] * elapsed) / done;
  });
  console.log(what, done, milliseconds);
  return { what, done, milliseconds };
}

function listWork(stack: Stack, practice: BenchPractice): Work[] {
  const { gatewayUrl: url } = stack;
  const headers = { authorization: `Bearer ${practice.token}`, 'content-type': 'application/json' };
  const iso = (at: number) => new Date(at).toISOString();
  const providers = practice.providerIds;
  const booking = (turn: number) =>
    fetch(`${url}/api/appointments`, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        customer: { name: 'Capacity', email: `capacity${turn % 500}@example.com` },
        start: iso(tomorrow + Math.floor(turn / providers.length) * 900_000),
        durationMinutes: 15,
        providerId: providers[turn % providers.length],
      }),
    });
  const settle = async (): Promise<void> => {
    for (;;) {
      const text = await (await fetch(`${stack.adminUrls['calcom-sync']}/metrics`)).text();
      const waiting = /^daybook_sync_pending\{[^}]*\} (\d+)$/m.exec(text)?.[1];
      if (waiting === '0') return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const week = `from=${iso(tomorrow)}&to=${iso(tomorrow + 7 * day)}`;
  return [
    { what: 'a booking, until it is in step with Cal.com', callers: 8, ask: booking, settle },
    {
      what: 'a page of 50 appointments',
      callers: 8,
      ask: () => fetch(`${url}/api/appointments?${week}&limit=50`, { headers }),
    },
    {
      what: 'the free times of 30 days',
      callers: 8,
      ask: (turn) => {
        const range = `from=${iso(tomorrow)}&to=${iso(tomorrow + 30 * day)}&durationMinutes=30`;
        return fetch(`${url}/api/slots?${range}&providerId=${providers[turn % providers.length]}`, { headers });
      },
    },
    {
      what: 'signing in',
      callers: 2,
      ask: () =>
        fetch(`${url}/api/auth/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: stack.owner.username, password: stack.owner.password }),
        }),
    },
  ];
}

/** Memory of the gateway for each open app, KiB, and the processor time to tell all of them of one change. */
async function measureViewers(stack: Stack, idle: Record<Name, number>, practice: BenchPractice, book: Work['ask']) {
  const before = stack.process('gateway').memory();
  const open: IncomingMessage[] = await Promise.all(
    Array.from(
      { length: viewers },
      () =>
        new Promise<IncomingMessage>((resolve, reject) => {
          const headers = { authorization: `Bearer ${practice.token}` };
          get(`${stack.gatewayUrl}/api/live`, { headers, agent: false }, (answer) => {
            answer.resume();
            if (answer.statusCode === 200) resolve(answer);
            else reject(new Error(`a viewer got ${answer.statusCode}`));
          }).on('error', reject);
        }),
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const kibibytes = (stack.process('gateway').memory() - before) / 1024 / viewers;
  const cost = await measure(stack, idle, { what: `a booking with ${viewers} apps open`, callers: 1, ask: book });
  for (const viewer of open) viewer.destroy();
  return { kibibytes: Math.max(0, kibibytes), cost };
}

/** Bytes of all three databases. */
async function sizeOf(stack: Stack): Promise<number> {
  const client = new pg.Client({ connectionString: stack.adminDatabaseUrl });
  await client.connect();
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT sum(pg_database_size(datname)) AS bytes FROM pg_database WHERE datname LIKE 'daybook_%'`,
  );
  await client.end();
  return Number(rows[0]!.bytes);
}

/** What the databases hold for each appointment, and a backup of them. */
async function measureStore(stack: Stack, folder: string) {
  const client = new pg.Client({ connectionString: schedulingAsAdmin(stack) });
  await client.connect();
  const { rows } = await client.query<{ appointments: string }>('SELECT count(*) AS appointments FROM appointments');
  await client.end();
  const { auth, scheduling, calcomSync: calcom_sync } = stack.databaseUrls;
  const { bytes } = await backUpAndProve({
    urls: { auth, scheduling, calcom_sync },
    directory: join(folder, 'backups'),
    ...{ key: undefined, version: '0', retention: { days: 1, atLeast: 1 } },
    ...{ scratchUrl: stack.adminDatabaseUrl, logger: createLogger('bench', 'error') },
  });
  const appointments = Number(rows[0]!.appointments);
  return { appointments, bytes: await sizeOf(stack), archive: bytes };
}

const cell = (value: number): string => (value < 0.05 ? '–' : value.toFixed(1));

function costTable(costs: Cost[]): string {
  const rows = costs.map(({ what, milliseconds }) => {
    const all = Object.values(milliseconds);
    const sum = all.reduce((total, value) => total + value, 0);
    const busiest = names[all.indexOf(Math.max(...all))]!;
    const alone = 1000 / Math.max(...all);
    const cells = [...all.map(cell), sum.toFixed(1), Math.floor(1000 / sum).toString()];
    return `| ${what} | ${cells.join(' | ')} | ${busiest}, at ${Math.floor(alone)} a second |`;
  });
  const head = ['work', ...names, 'together', 'a second on one core', 'largest part, and when it fills a core'];
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n');
}

function replaceBetween(text: string, mark: string, content: string): string {
  const [begin, end] = [`<!-- measured: ${mark} -->`, `<!-- end: ${mark} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for "${mark}"`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

const folder = await mkdtemp(join(tmpdir(), 'daybook-capacity-'));
const stack = await startStack({
  dataDirectory: folder,
  ownerPassword: 'a-password-for-the-bench-only',
  quiet: true,
  sandboxRateLimitPerMinute: 1_000_000,
  extraEnv: { gateway: { RATE_LIMIT_PER_MINUTE: '10000000', LIVE_CONNECTIONS_PER_SESSION: '1000' } },
});
try {
  const services = ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const;
  const memory = () => services.map((name) => Math.round(stack.process(name).memory() / 2 ** 20));
  const idle = memory();
  const empty = await sizeOf(stack);
  const practice = await preparePractice(stack, 10);
  const work = listWork(stack, practice);
  const resting = await measureIdle(stack);
  const costs: Cost[] = [];
  for (const each of work) costs.push(await measure(stack, resting, each));
  const loaded = memory();
  const seen = await measureViewers(stack, resting, practice, (turn) => work[0]!.ask(turn + 100_000));
  const store = await measureStore(stack, folder);
  const processor = cpus()[0]?.model ?? 'unknown';
  const perAppointment = ((store.bytes - empty) / store.appointments / 1024).toFixed(0);
  const memoryTable = [
    `| memory, MiB | ${services.join(' | ')} |`,
    `| --- | ${services.map(() => '---').join(' | ')} |`,
    `| just started | ${idle.join(' | ')} |`,
    `| after the work above | ${loaded.join(' | ')} |`,
  ].join('\n');
  const facts = [
    `- Idle, everything together takes ${(Object.values(resting).reduce((sum, value) => sum + value, 0) / 10).toFixed(0)} % of one core.`,
    `- An open app costs the gateway ${seen.kibibytes.toFixed(0)} KiB (${viewers} at once), and a change ${(seen.cost.milliseconds.gateway / viewers).toFixed(3)} ms of processor time for each app that hears of it.`,
    `- An appointment takes ${perAppointment} KiB in all three databases, with history, event and ledger (${store.appointments.toLocaleString('en')} appointments; the event goes after seven days).`,
    `- In a backup an appointment takes ${(store.archive / store.appointments / 1024).toFixed(1)} KiB, packed.`,
  ].join('\n');
  console.log([costTable(costs), memoryTable, facts].join('\n\n'));
  if (!short) {
    const made = `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores of ${processor}, Node ${process.version}, by \`npm run bench:capacity\`.`;
    let text = readFileSync(page, 'utf8');
    text = replaceBetween(text, 'where', made);
    text = replaceBetween(text, 'costs', costTable(costs));
    text = replaceBetween(text, 'memory', memoryTable);
    text = replaceBetween(text, 'facts', facts);
    writeFileSync(page, text);
  }
} finally {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
