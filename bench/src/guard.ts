/**
 * `npm run bench:guard`: the ratios that are quick to measure and hold still, each against its baseline of the same run. Ends
 * with an error when the best of some tries of one lies beyond its limit, twice. The README says how the limits were found.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@daybook/stack/free-port';
import { startStack } from '@daybook/stack/start-stack';
import { copyDatabase, measureBookings } from './bookings.ts';
import { Caller } from './caller.ts';
import { preparePractice } from './practice.ts';
import { benchProxiedCalls } from './proxied-calls.ts';
import { benchSlots } from './slots.ts';

const tries = 3;

/**
 * The most that may be measured. All but the slots are ratios of processor time, to whose cost noise mostly adds, so the best
 * of the tries is judged.
 */
const limits = {
  /** A month of slots, in hundredths of the library loop's time, worst of the four months. */
  slots: 2,
  /** Node's and PostgreSQL's processor time for a booking operation, to PostgreSQL's for the reference transaction. */
  operation: 4.7,
  /** Everybody's processor time for a booking by HTTP, to the same. */
  booking: 12.5,
  /** The gateway's processor time for a proxied read, to a bare Express that echoes the answer. */
  read: 20,
} as const;

type Ratios = Record<keyof typeof limits, number>;

/** A pause of the machine may lengthen either side here, so the median of many rounds is judged. */
function measureSlots(): number {
  return 100 / Math.min(...benchSlots(7).map(({ ratio }) => ratio.median));
}

async function measureRatios(): Promise<Ratios> {
  const slots = measureSlots();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybook-guard-'));
  const schedulingGrpc = await findFreePort();
  const stack = await startStack({
    dataDirectory,
    ownerPassword: 'a-password-for-the-bench-only',
    ports: { schedulingGrpc },
    quiet: true,
    extraEnv: { gateway: { RATE_LIMIT_PER_MINUTE: '10000000' } },
  });
  try {
    const practice = await preparePractice(stack, 32);
    await stack.process('calcom-sync').stop();
    const copy = await copyDatabase(stack);
    const { operationToReference, p3 } = await measureBookings(stack, practice, copy, {
      rounds: tries,
      seconds: 2,
      say: console.log,
    });
    const { ratio } = await benchProxiedCalls(stack, {
      caller: new Caller(stack, practice, 153),
      token: practice.token,
      schedulingAddress: `127.0.0.1:${schedulingGrpc}`,
      rounds: tries,
      seconds: 1,
    });
    return { slots, operation: operationToReference.minimum, booking: p3.minimum, read: ratio.minimum };
  } finally {
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

const names = Object.keys(limits) as (keyof typeof limits)[];

/** Measures everything once and answers what lies beyond its limit. */
async function judge(): Promise<(keyof typeof limits)[]> {
  const ratios = await measureRatios();
  for (const name of names) console.log(`${name}: ${ratios[name].toFixed(2)}, at most ${limits[name]}`);
  return names.filter((name) => !(ratios[name] <= limits[name]));
}

const first = await judge();
// Only what lies beyond its limit in a second run as well is slower code.
const second = first.length > 0 ? await judge() : [];
const slower = first.filter((name) => second.includes(name));
if (slower.length > 0) {
  console.error(
    `Slower than the noise explains: ${slower.join(', ')}. Run \`npm run bench\` on the commit before and on this one, on a quiet machine.`,
  );
}
process.exit(slower.length > 0 ? 1 : 0);
