import { createHmac } from 'node:crypto';
import { query, type Database } from '@daybook/runtime/postgres';
import type { Replica } from './replica.ts';
import { call } from './replica.ts';
import { owner } from './practice.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): Buffer {
  const bits = [...text].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((octet) => Number.parseInt(octet, 2)));
}

/** What an authenticator shows in a step, computed as RFC 4226 writes it down and not by the library under test. */
export function shownIn(step: number, secret: string): string {
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(step));
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}

/** The present step by the clock of the database, early enough in it that a test is done before the next one begins. */
export async function calmStep(database: Database): Promise<number> {
  for (;;) {
    const [row] = await query<{ seconds: number }>(database, {
      text: 'SELECT extract(epoch FROM clock_timestamp())::float8 AS seconds',
    });
    const seconds = row!.seconds;
    if (seconds % 30 < 20) return Math.floor(seconds / 30);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Forgets which codes were taken, so that the next test need not wait half a minute for another. */
export async function forgetSteps(database: Database): Promise<void> {
  await query(database, { text: 'UPDATE second_factors SET last_step = NULL' });
}

/** Turns the second factor on for the person of a session; its key and recovery codes, with no code counted as taken yet. */
export async function turnOn(
  replica: Replica,
  database: Database,
  bearer: string,
): Promise<{ secret: string; recoveryCodes: string[]; endedSessions: number }> {
  const begin = { currentPassword: owner.password };
  const { secret } = await call<{ secret: string }>(replica, 'beginSecondFactor', begin, { bearer });
  const code = shownIn(await calmStep(database), secret);
  type Confirmed = { recoveryCodes: string[]; endedSessions: number };
  const confirmed = await call<Confirmed>(replica, 'confirmSecondFactor', { code }, { bearer });
  await forgetSteps(database);
  return { secret, ...confirmed };
}
