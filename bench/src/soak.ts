/**
 * `npm run bench:soak`: P12, ten minutes of bookings, reads and slots at a steady rate, and what the services hold meanwhile.
 * `-- --minutes N` takes another length. Writes bench/SOAK.md.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type Stack } from '@daybook/stack/start-stack';
import { Caller } from './caller.ts';
import { atRate } from './fixed-rate.ts';
import { preparePractice } from './practice.ts';
import { services } from './processes.ts';
import { showTable, type Row } from './report.ts';
import { percentile } from './statistics.ts';

const asked = process.argv[process.argv.indexOf('--minutes') + 1];
const minutes = process.argv.includes('--minutes') ? Number(asked) : 10;
if (!(minutes >= 2)) throw new Error('a soak takes at least two minutes');

const rates = { bookings: 10, reads: 30, slots: 5 };
const growthAllowed = 0.05;
const sampleMs = 2000;

type Sample = { second: number; resident: Record<(typeof services)[number], number> };

function sample(stack: Stack, begun: number): Sample {
  const resident = Object.fromEntries(services.map((name) => [name, stack.process(name).memory() / 2 ** 20]));
  return { second: (performance.now() - begun) / 1000, resident: resident as Sample['resident'] };
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
  const book = async (): Promise<number> => ids.push(await caller.book());
  const read = (turn: number): Promise<unknown> => caller.get(`/api/appointments/${ids[turn % ids.length]}`);
  await Promise.all([
    atRate({ perSecond: rates.bookings, seconds }, () => counted(book())),
    atRate({ perSecond: rates.reads, seconds }, (turn) => counted(read(turn))),
    atRate({ perSecond: rates.slots, seconds }, (turn) => counted(caller.slots(turn))),
  ]);
  return calls;
}

/** The median of a service's samples between two seconds, in MiB. */
function between(samples: readonly Sample[], name: (typeof services)[number], from: number, to: number): number {
  const within = samples.filter(({ second }) => second >= from && second < to);
  return percentile(
    within.map(({ resident }) => resident[name]),
    0.5,
  );
}

async function soak(): Promise<{ samples: Sample[]; calls: Calls }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybook-soak-'));
  const stack = await startStack({
    dataDirectory,
    ownerPassword: 'a-password-for-the-bench-only',
    quiet: true,
    extraEnv: { gateway: { RATE_LIMIT_PER_MINUTE: '10000000' } },
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
    try {
      return { samples, calls: await load(caller, minutes * 60) };
    } finally {
      clearInterval(timer);
    }
  } finally {
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

const { samples, calls } = await soak();
const end = minutes * 60;
/** By then code is compiled, and pools and caches are as full as this load makes them. */
const warm = Math.min(120, end / 4);
const window = Math.min(60, end / 4);
const rows: Row[] = services.map((name) => {
  const [first, last] = [between(samples, name, warm, warm + window), between(samples, name, end - window, end)];
  const growth = last / first - 1;
  return {
    goal: 'P12',
    what: `${name}: resident memory around second ${warm + window / 2}, around second ${end - window / 2}`,
    measured: `${first.toFixed(0)} MB, ${last.toFixed(0)} MB (${(growth * 100).toFixed(1)} %)`,
    wanted: `≤ +${growthAllowed * 100} %`,
    met: growth <= growthAllowed,
  };
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

Written by \`npm run bench:soak\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}: ${rates.bookings} bookings, ${rates.reads} reads and
${rates.slots} lists of slots a second, each booking pushed to the stand-in for Cal.com. Medians of a minute, sampled every two seconds.

${showTable(rows)}
`,
);
process.exit(0);
