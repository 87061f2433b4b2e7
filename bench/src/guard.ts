/**
 * `npm run bench:guard`: the ratios that are quick to measure and hold still, each against its baseline of the same run. Ends
 * with an error when the best of some tries of one lies beyond its limit. The README says how the limits were found.
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
 * The most that may be measured. All but the slots are processor time, which other work on the machine lengthens for both
 * sides; a neighbour still only ever adds to a try, so the best of them is judged.
 */
const limits = {
  /** A month of slots, in hundredths of the library loop's time, worst of the four months. */
  slots: 2.5,
  /** Node's and PostgreSQL's processor time for a booking operation, to PostgreSQL's for the reference transaction. */
  operation: 4,
  /** Everybody's processor time for a booking by HTTP, to the same. */
  booking: 7,
  /** The gateway's processor time for a proxied read, to a bare Express that echoes the answer. */
  read: 12,
} as const;

type Ratios = Record<keyof typeof limits, number>;

function measureSlots(): number {
  const runs = Array.from({ length: tries }, () => Math.min(...benchSlots(3).map((one) => one.ratio.maximum)));
  return 100 / Math.max(...runs);
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

const ratios = await measureRatios();
const names = Object.keys(limits) as (keyof typeof limits)[];
for (const name of names) console.log(`${name}: ${ratios[name].toFixed(2)}, at most ${limits[name]}`);
const slower = names.filter((name) => !(ratios[name] <= limits[name]));
if (slower.length > 0) {
  console.error(
    `Slower than the noise explains: ${slower.join(', ')}. Run \`npm run bench\` on the commit before and on this one, on a quiet machine.`,
  );
}
process.exit(slower.length > 0 ? 1 : 0);
