import fc from 'fast-check';
import { DomainError } from '@daybook/runtime/errors';
import { query } from '@daybook/runtime/postgres';
import { FixedClock, silentLogger } from '@daybook/runtime/testing';
import { deriveKeyMaterial } from './key-material.ts';
import { openSessionAt } from '../domain/session.ts';
import { createRefreshToken, hashRefreshToken } from './refresh-token.ts';
import { insertSession } from '../db/sessions.ts';
import { createPractice, lifetimes as promised, type Practice } from '../test-support/practice.ts';
import { checkSession } from './check-session.ts';
import { refreshSession } from './refresh-session.ts';
import { revokeSession } from './revoke-session.ts';
import { createSigningKeyring } from './signing-keyring.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

/** What must be true of a session, kept beside the real one. Instants in epoch milliseconds. */
type Model = {
  /** Every token the session ever had, with the instant it was spent; the last one is live. */
  tokens: { value: string; spentAt: number | undefined }[];
  expiresAt: number;
  readonly absoluteEnd: number;
  revoked: boolean;
};

type Real = {
  sessionId: string;
  clock: FixedClock;
  refresh(token: string): Promise<{ tokens: { refreshToken: string; refreshExpiresAt: Date } }>;
  revoke(token: string): Promise<void>;
  isActive(): Promise<boolean>;
  liveTokens(): Promise<number>;
};

const day = 86_400_000;
/** A nearer absolute end than the promised one, so that short sequences reach it. */
const lifetimes = { ...promised, absoluteMs: 12 * day };
const grace = 10_000;
const started = '2026-03-20T12:00:00Z';
let practice: Practice;

beforeAll(async () => {
  practice = await createPractice(new FixedClock(started));
});
afterAll(() => practice.drop());

/** Counts from the newest token, so that small numbers are the interesting ones. */
const pick = (model: Model, seed: number) => model.tokens.length - 1 - (seed % model.tokens.length);
const isOpen = (model: Model, now: number) => !model.revoked && now < model.expiresAt;

/** What a refresh by token number `index` has to answer, and what becomes of the session; undefined = refused. */
function expectRefresh(model: Model, index: number, now: number): 'rotate' | 'repeat' | 'refuse' {
  const token = model.tokens[index];
  if (token?.spentAt === undefined) return isOpen(model, now) ? 'rotate' : 'refuse';
  if (now - token.spentAt < grace) return isOpen(model, now) ? 'repeat' : 'refuse';
  model.revoked = true;
  return 'refuse';
}

function recordRotation(model: Model, successor: string, now: number): void {
  const live = model.tokens.at(-1);
  if (live) live.spentAt = now;
  model.tokens.push({ value: successor, spentAt: undefined });
  model.expiresAt = Math.min(now + lifetimes.idleMs, model.absoluteEnd);
}

async function checkInvariants(model: Model, real: Real): Promise<void> {
  const now = real.clock.now().getTime();
  expect(await real.isActive()).toBe(isOpen(model, now));
  expect(await real.liveTokens()).toBe(isOpen(model, now) ? 1 : 0);
}

/** Any number of refreshes at once by any token the session ever had. */
class Refresh implements fc.AsyncCommand<Model, Real> {
  readonly seed: number;
  readonly times: number;
  constructor(seed: number, times: number) {
    this.seed = seed;
    this.times = times;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const index = pick(model, this.seed);
    const token = model.tokens[index]?.value ?? '';
    const now = real.clock.now().getTime();
    const answers = await Promise.allSettled(Array.from({ length: this.times }, () => real.refresh(token)));
    const expected = expectRefresh(model, index, now);
    for (const answer of answers) {
      if (expected === 'refuse') {
        expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'SESSION_EXPIRED' } });
        expect(answer.status === 'rejected' && answer.reason instanceof DomainError).toBe(true);
      } else expect(answer.status).toBe('fulfilled');
    }
    const granted = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.tokens] : []));
    const successors = new Set(granted.map((tokens) => tokens.refreshToken));
    if (expected === 'rotate') {
      expect(successors.size).toBe(1);
      recordRotation(model, granted[0]?.refreshToken ?? '', now);
    } else if (expected === 'repeat') expect([...successors]).toEqual([model.tokens[index + 1]?.value]);
    for (const { refreshExpiresAt } of granted) expect(refreshExpiresAt.getTime()).toBe(model.expiresAt);
    await checkInvariants(model, real);
  }
  toString = () => `refresh(${this.seed}, ${this.times} at once)`;
}

class Logout implements fc.AsyncCommand<Model, Real> {
  readonly seed: number;
  constructor(seed: number) {
    this.seed = seed;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    await real.revoke(model.tokens[pick(model, this.seed)]?.value ?? '');
    model.revoked = true;
    await checkInvariants(model, real);
  }
  toString = () => `logout(${this.seed})`;
}

class Wait implements fc.AsyncCommand<Model, Real> {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    real.clock.advance(this.ms);
    await checkInvariants(model, real);
  }
  toString = () => `wait(${this.ms})`;
}

async function openSession(): Promise<{ model: Model; real: Real }> {
  const clock = new FixedClock(started);
  const { database } = practice;
  const keys = deriveKeyMaterial(Buffer.alloc(32, 9));
  const keyring = createSigningKeyring({ database, clock, sealingKeys: [keys.sealing], accessMs: lifetimes.accessMs });
  const successorKeys = [keys.successor] as const;
  const deps = { database, clock, tokenClock: clock, logger: silentLogger, keyring, lifetimes, successorKeys };
  const sessionId = crypto.randomUUID();
  const token = createRefreshToken();
  const ends = openSessionAt(clock.now(), lifetimes);
  const [user] = await query<{ userId: string; passwordHash: string }>(database, {
    text: `SELECT id AS "userId", password_hash AS "passwordHash" FROM users LIMIT 1`,
  });
  if (!user) throw new Error('the practice has no user');
  const { userId, passwordHash } = user;
  const session = { id: sessionId, userId, ...ends, tokenHash: hashRefreshToken(token), createdAt: clock.now() };
  expect(await insertSession(database, { ...session, userAgent: '' }, { passwordHash, secondFactorId: null })).toBe(
    true,
  );
  const model: Model = {
    tokens: [{ value: token, spentAt: undefined }],
    expiresAt: ends.expiresAt.getTime(),
    absoluteEnd: ends.absoluteExpiresAt.getTime(),
    revoked: false,
  };
  const liveTokens = async () => {
    const rows = await query(database, {
      text: `SELECT FROM sessions JOIN users ON users.id = user_id
             WHERE sessions.id = $1 AND revoked_at IS NULL AND expires_at > $2
               AND token_hash NOT IN (SELECT token_hash FROM spent_refresh_tokens)`,
      values: [sessionId, clock.now()],
    });
    return rows.length;
  };
  const real: Real = {
    sessionId,
    clock,
    refresh: refreshSession(deps),
    revoke: (refreshToken) => revokeSession(deps)({ refreshToken }),
    isActive: () => checkSession(deps)(sessionId),
    liveTokens,
  };
  return { model, real };
}

test('any order of refreshes, repeats, logouts and waits keeps one live token, and reuse after ten seconds ends it', async () => {
  const refreshes = fc
    .tuple(fc.oneof(fc.nat(2), fc.nat(20)), fc.integer({ min: 1, max: 4 }))
    .map(([seed, times]) => new Refresh(seed, times));
  const waits = fc
    .oneof(fc.constantFrom(1, 9_999, 10_000, 10_001, 8 * day - 1, 8 * day, 7 * day), fc.nat(9_000), fc.nat(9 * day))
    .map((ms) => new Wait(ms));
  const logouts = fc.nat(20).map((seed) => new Logout(seed));
  const commands = fc.commands(
    // Few logouts, since little can happen after one.
    [refreshes, refreshes, refreshes, refreshes, waits, waits, waits, logouts],
    { maxCommands: 14 },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      await fc.asyncModelRun(() => openSession(), sequence);
    }),
    { numRuns: 120 },
  );
}, 60_000);
