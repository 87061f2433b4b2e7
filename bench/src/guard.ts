/**
 * `npm run bench:guard`: the ratios that are quick to measure and hold still, each against its baseline of the same run. Ends
 * with an error when the best of three tries of one lies beyond its limit. The README says what the limits are worth.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@daybook/stack/start-stack';
import { copyDatabase, measureBookings } from './bookings.ts';
import { preparePractice } from './practice.ts';
import { benchSlots } from './slots.ts';

const tries = 3;

/** The least that may be measured. Lower in the best of three tries means slower code, not a busy machine. */
const limits = { slots: 25, operation: 0.15, http: 0.09 } as const;

type Ratios = Record<keyof typeof limits, number>;

async function measureRatios(): Promise<Ratios> {
  const slots = Math.max(
    ...Array.from({ length: tries }, () => Math.min(...benchSlots(3).map((one) => one.ratio.median))),
  );
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybook-guard-'));
  const stack = await startStack({
    dataDirectory,
    ownerPassword: 'a-password-for-the-bench-only',
    quiet: true,
    extraEnv: { gateway: { RATE_LIMIT_PER_MINUTE: '10000000' } },
  });
  try {
    const practice = await preparePractice(stack, 32);
    await stack.process('calcom-sync').stop();
    const copy = await copyDatabase(stack);
    const figures = await measureBookings(stack, practice, copy, { rounds: tries, seconds: 2, say: console.log });
    return { slots, operation: figures.p1.maximum, http: figures.p2.maximum };
  } finally {
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

const ratios = await measureRatios();
const names = Object.keys(limits) as (keyof typeof limits)[];
for (const name of names) console.log(`${name}: ${ratios[name].toFixed(2)}, at least ${limits[name]}`);
const slower = names.filter((name) => !(ratios[name] >= limits[name]));
if (slower.length > 0) {
  console.error(
    `Slower than the noise explains: ${slower.join(', ')}. Run \`npm run bench\` on the commit before and on this one, on a quiet machine.`,
  );
}
process.exit(slower.length > 0 ? 1 : 0);
