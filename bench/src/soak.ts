/**
 * `npm run bench:soak`: P12, ten minutes of bookings, cancellations, reads and slots at a steady rate, and what the services
 * hold meanwhile. Each booking is cancelled a minute later, so that the diary, and with it every answer, keeps its size.
 * `-- --minutes N` takes another length. Writes bench/SOAK.md.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startStack, type Stack } from '@daybook/stack/start-stack';
import { Caller } from './caller.ts';
import { atRate } from './fixed-rate.ts';
import { collectedHeap, freePorts } from './live-heap.ts';
import { preparePractice } from './practice.ts';
import { services } from './processes.ts';
import { showTable, type Row } from './report.ts';
import { percentile } from './statistics.ts';

const asked = process.argv[process.argv.indexOf('--minutes') + 1];
const minutes = process.argv.includes('--minutes') ? Number(asked) : 10;
if (!(minutes >= 2)) throw new Error('a soak takes at least two minutes');

const rates = { bookings: 10, reads: 30, slots: 5 };
/** Bookings that stand at any moment: those of one minute. */
const standing = rates.bookings * 60;
const growthAllowed = 0.05;
const sampleMs = 2000;

type ServiceName = (typeof services)[number];
type PerService = Record<ServiceName, number>;
type Sample = { second: number; resident: PerService };

function sample(stack: Stack, begun: number): Sample {
  const resident = Object.fromEntries(services.map((name) => [name, stack.process(name).memory() / 2 ** 20]));
  return { second: (performance.now() - begun) / 1000, resident: resident as PerService };
}

type Calls = { made: number; failed: number };

/** The load; a call that fails, as calls do while neighbours hold the machine, is counted and does not end the run. */
async function load(caller: Caller, seconds: number): Promise<Calls> {
  const ids: string[] = [await caller.book()];
  const calls: Calls = { made: 0, failed: 0 };
  const counted = async (call: Promise<unknown>): Promise<void> => {
    calls.made += 1;
    await call.catch(() => (calls.failed += 1));
  };
  const book = async (): Promise<void> => {
    ids.push(await caller.book());
    if (ids.length > standing) await caller.cancel(ids.shift()!);
  };
  const read = (turn: number): Promise<unknown> => caller.get(`/api/appointments/${ids[turn % ids.length]}`);
  await Promise.all([
    atRate({ perSecond: rates.bookings, seconds }, () => counted(book())),
    atRate({ perSecond: rates.reads, seconds }, (turn) => counted(read(turn))),
    atRate({ perSecond: rates.slots, seconds }, (turn) => counted(caller.slots(turn))),
  ]);
  return calls;
}

/** The median of a service's samples between two seconds, in MiB. */
function between(samples: readonly Sample[], name: ServiceName, from: number, to: number): number {
  const within = samples.filter(({ second }) => second >= from && second < to);
  return percentile(
    within.map(({ resident }) => resident[name]),
    0.5,
  );
}

const end = minutes * 60;
/** By then code is compiled, and pools and caches are as full as this load makes them. */
const warm = Math.min(120, end / 4);
const window = Math.min(60, end / 4);

async function soak(): Promise<{ samples: Sample[]; live: PerService[]; calls: Calls }> {
  const free = await freePorts(services.length);
  const ports = Object.fromEntries(services.map((name, index) => [name, free[index]])) as PerService;
  const inspected = (name: ServiceName): { NODE_OPTIONS: string } => ({
    NODE_OPTIONS: `--inspect-port=127.0.0.1:${ports[name]}`,
  });
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybook-soak-'));
  const stack = await startStack({
    dataDirectory,
    ownerPassword: 'a-password-for-the-bench-only',
    quiet: true,
    extraEnv: {
      gateway: { RATE_LIMIT_PER_MINUTE: '10000000', ...inspected('gateway') },
      auth: inspected('auth'),
      scheduling: inspected('scheduling'),
      'calcom-sync': inspected('calcom-sync'),
    },
    // Every booking is pushed; at the true limit they would only pile up, which is another question.
    sandboxRateLimitPerMinute: 10_000_000,
  });
  try {
    // All providers share one Cal.com account, which takes each time once, so one of them does the work.
    const practice = await preparePractice(stack, 1);
    const caller = new Caller(stack, practice, 1);
    const begun = performance.now();
    const samples: Sample[] = [];
    const timer = setInterval(() => samples.push(sample(stack, begun)), sampleMs);
    const collected = async (): Promise<PerService> =>
      Object.fromEntries(
        await Promise.all(
          services.map(async (name) => [name, await collectedHeap(stack.process(name).pid!, ports[name])] as const),
        ),
      ) as PerService;
    try {
      const early = delay((warm + window) * 1000).then(collected);
      const calls = await load(caller, end);
      return { samples, live: [await early, await collected()], calls };
    } finally {
      clearInterval(timer);
    }
  } finally {
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

const { samples, live, calls } = await soak();
const rows: Row[] = services.flatMap((name) => {
  const row = (what: string, first: number, last: number): Row => {
    const growth = last / first - 1;
    return {
      goal: 'P12',
      what: `${name}: ${what}`,
      measured: `${first.toFixed(0)} MB, ${last.toFixed(0)} MB (${(growth * 100).toFixed(1)} %)`,
      wanted: `≤ +${growthAllowed * 100} %`,
      met: growth <= growthAllowed,
    };
  };
  const resident = [between(samples, name, warm, warm + window), between(samples, name, end - window, end)] as const;
  return [
    row(`resident memory, ${window} s from second ${warm} and the last ${window} s`, ...resident),
    row(`live objects, after second ${warm + window} and at the end`, live[0]![name], live[1]![name]),
  ];
});
rows.push({
  goal: 'P12',
  what: 'calls meanwhile, of which failed',
  measured: `${calls.made}, ${calls.failed}`,
  wanted: '-',
});
console.log(showTable(rows));
await writeFile(
  join(import.meta.dirname, '../SOAK.md'),
  `# Memory over ${minutes} minutes

Written by \`npm run bench:soak\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}: ${rates.bookings} bookings, as many
cancellations of the bookings of a minute ago, ${rates.reads} reads and ${rates.slots} lists of slots a second, each change pushed to the stand-in for Cal.com.
Resident memory is the median of these seconds, sampled every two, and holds what V8 has not collected yet; live objects are what the heap holds right
after a whole collection, which is where a leak would show.

${showTable(rows)}
`,
);
process.exit(0);
