/**
 * `npm run bench`: measures Daybook as ratios to baselines of the same run and writes bench/RESULTS.md.
 * `npm run bench -- --short` makes fewer and shorter rounds and writes nothing.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@daybook/stack/free-port';
import { startStack } from '@daybook/stack/start-stack';
import { benchBusyRead } from './busy-read.ts';
import { bookingRows, copyDatabase, measureBookings, type BookingFigures } from './bookings.ts';
import { benchCalcomSlots } from './calcom-slots.ts';
import { Caller } from './caller.ts';
import { benchHotSlot } from './hot-slot.ts';
import { benchOutages } from './outages.ts';
import { benchPipeline, benchRelay } from './pipeline.ts';
import { preparePractice, schedulingAsAdmin } from './practice.ts';
import { memoryOf, services, type Memory } from './processes.ts';
import { benchProxiedCalls } from './proxied-calls.ts';
import { benchRecovery } from './recovery.ts';
import { showTable, type Row } from './report.ts';
import { benchSignIn } from './sign-in.ts';
import { benchSlots, slotRows } from './slots.ts';
import { show } from './statistics.ts';
import { benchSyncSpeed } from './sync-speed.ts';

const short = process.argv.includes('--short');
const rounds = short ? 2 : 5;
const here = import.meta.dirname;

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const { version } = JSON.parse(readFileSync(join(here, '../../package.json'), 'utf8')) as { version: string };
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, Daybook ${version}`;
}

/** Why a goal is missed when it is, as profiles and counts have shown, and what could be tried next. */
const reasons: Readonly<Record<string, string>> = {
  P1: "PostgreSQL itself spends twice the reference's processor time on an operation: the reference has no foreign keys (an operation has eight checked), keeps no words in the two search indexes, looks nothing up, takes no lock. Node adds a third of a millisecond. The foreign keys and the indexes are wanted; what is left to try is fewer rows a booking.",
  P2: 'P1, P3 and P4 together: gateway, scheduling and PostgreSQL share the cores with the load.',
  P3: "as P1 for PostgreSQL's part; the gateway's as P4.",
  P4: "of the gateway's time on a read a fifth is collecting garbage, a quarter the gRPC client and HTTP/2 below it, an eighth writing to sockets, as much routing and middleware; checking the token, the schemas and the log line are small. One hop by gRPC costs more than a bare Express. Next: fewer objects and promises on the way of a call.",
  P7: 'all clients ask in the same instant, and one gateway and one scheduling process on these cores answer them one after the other; a loser waits for the winner and for the work of the others, not for a lock.',
  P12: 'Node 26 alone holds 45 MB (Node 20, with which the goal was set, 40). Of the rest the largest parts are the schemas of the contract, the compiled protobuf messages, Sequelize and the metrics. Next: schemas of one resource loaded with its first request.',
};

/** The goals of the table that are missed, each with its reason. */
function explainMissed(table: readonly Row[]): string {
  const missed = [...new Set(table.filter(({ met }) => met === false).map(({ goal }) => goal))];
  if (missed.length === 0) return 'Every goal is met.';
  const lines = missed.map((goal) => `- **${goal}**: ${reasons[goal] ?? 'not missed before; to be looked into.'}`);
  return ['What is missed, and why:', '', ...lines].join('\n');
}

type Memories = Record<(typeof services)[number], Memory>;

function memoryRows(idle: Memories, loaded: Memories): Row[] {
  const text = ({ resident, own }: Memory): string =>
    resident === 0 ? '-' : `${resident.toFixed(0)} (${own.toFixed(0)})`;
  return services.map((name) => ({
    goal: 'P12',
    what: `memory of ${name}, idle / loaded, in brackets what no other process shares`,
    measured: `${text(idle[name])} / ${text(loaded[name])} MB`,
    wanted: '≤ 90 / 180 MB',
    met: idle[name].resident <= 90 && loaded[name].resident <= 180,
  }));
}

const rows: Row[] = [];
function note(...found: Row[]): void {
  rows.push(...found);
  for (const { goal, what, measured, wanted } of found) console.log(`${goal}  ${what}: ${measured} (${wanted})`);
}

async function measure(): Promise<BookingFigures> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybook-bench-'));
  const schedulingGrpc = await findFreePort();
  const stack = await startStack({
    dataDirectory,
    ownerPassword: 'a-password-for-the-bench-only',
    ports: { schedulingGrpc },
    quiet: true,
    // Limits stay on; they are wide enough for a load that comes from one address.
    extraEnv: { gateway: { RATE_LIMIT_PER_MINUTE: '10000000', LOGIN_RATE_PER_MINUTE: '10000000' } },
  });
  try {
    const practice = await preparePractice(stack, 32);
    const caller = (firstDay: number): Caller => new Caller(stack, practice, firstDay);
    // All providers share one Cal.com account, which takes each time once; what is to arrive there comes from one of them.
    const alone = { ...practice, providerIds: practice.providerIds.slice(0, 1) };
    const syncedCaller = (firstDay: number): Caller => new Caller(stack, alone, firstDay);
    await new Promise((done) => setTimeout(done, 3000));
    const idle = memoryOf(stack);
    // While Cal.com is in step; later ones leave more behind than its rate limit lets through.
    note(...(await benchSyncSpeed(stack, syncedCaller(141), { rounds, backlog: short ? 0 : 380 })));
    note(...(await benchRecovery(stack, syncedCaller(144))));
    note(...(await benchOutages(stack, caller(147), { rounds, perSecond: 40, seconds: 3 })));
    const synced = memoryOf(stack)['calcom-sync'];
    // From here on it would only push to the stand-in, and measure that.
    await stack.process('calcom-sync').stop();
    const copy = await copyDatabase(stack);
    const pipeline = caller(150);
    // The copy closed every connection to the database; the first requests find that out.
    for (let turn = 0; (await pipeline.tryToBook()).status !== 201; turn += 1) {
      if (turn === 50) throw new Error('no booking succeeds after the database was copied');
      await new Promise((done) => setTimeout(done, 100));
    }
    const bookOne = async (): Promise<void> => void (await pipeline.book());
    note(...(await benchPipeline(stack.natsUrl, bookOne, { perSecond: 50, seconds: 4, rounds })));
    note(...(await benchRelay(schedulingAsAdmin(stack), { rounds, seconds: 2 })));
    const schedulingAddress = `127.0.0.1:${schedulingGrpc}`;
    const { token, organizationId } = practice;
    const calls = { caller: caller(153), token, schedulingAddress, rounds, seconds: 2 };
    note(...(await benchProxiedCalls(stack, calls)).rows);
    const reads = { adminUrl: copy.adminUrl, databaseUrl: copy.appUrl, organizationId };
    note(...(await benchBusyRead({ ...reads, caller: caller(156), rounds, seconds: 3 })));
    note(...(await benchSignIn(stack, caller(159), { rounds, seconds: 4 })));
    note(...(await benchHotSlot(stack, practice, short ? 20 : 100)));
    const seconds = short ? 2 : 4;
    const figures = await measureBookings(stack, practice, copy, { rounds, seconds, say: console.log });
    note(...bookingRows(figures));
    note(...memoryRows(idle, { ...memoryOf(stack), 'calcom-sync': synced }));
    return figures;
  } finally {
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

console.log(machine());
note(...slotRows(benchSlots(rounds)));
const compared = await benchCalcomSlots(rounds);
note(...compared.rows);
const figures = await measure();
rows.sort((a, b) => Number(a.goal.slice(1)) - Number(b.goal.slice(1)));
console.log(showTable(rows));
if (!short)
  await writeFile(
    join(here, '../RESULTS.md'),
    `# Results of \`npm run bench\`

${new Date().toISOString().slice(0, 10)}: ${machine()}. Median [range] of ${rounds} rounds; reference and candidate take turns in each round, so a slow
moment of the machine hits both. The load generator, PostgreSQL and NATS share the cores with what is measured. What each goal means
and how it is measured stands in [README.md](README.md); "-" marks a figure beside a goal, which sets no limit for it.

${showTable(rows)}

${explainMissed(rows)}

The reference of P1 to P3 is ${figures.referenceName}. Transactions a second: reference ${show(figures.reference, 0)}, operation
${show(figures.operation, 0)} with ${show(figures.operationCpu, 0)} µs CPU of Node each, by HTTP ${show(figures.http, 0)} with p50 / p99
${figures.latencies.p50.toFixed(0)} / ${figures.latencies.p99.toFixed(0)} ms. Cal.com's generator: ${compared.remark}
`,
  );
process.exit(0);
