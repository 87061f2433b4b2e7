import { query, withTransaction } from '@daybook/runtime/postgres';
import { FixedClock, until } from '@daybook/runtime/testing';
import { parsePasswordHash } from '../domain/password.ts';
import { hashPassword } from './argon2id.ts';
import { addAccount, cheapCost, createPractice, owner, type Practice } from '../test-support/practice.ts';
import { call, codeOf, failureOf, signIn, startReplica } from '../test-support/replica.ts';
import type { Replica } from '../test-support/replica.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const clock = new FixedClock('2026-03-01T10:00:00Z');
let practice: Practice;
let replica: Replica;

beforeAll(async () => {
  practice = await createPractice(clock);
  replica = await startReplica({ url: practice.url, clock });
});
afterAll(async () => {
  await replica.stop();
  await practice.drop();
});
beforeEach(() => query(practice.database, { text: 'DELETE FROM throttle_counters' }));

const wrong = 'not-the-password-1';

test('the owner signs in, in any case of the username, and is who the token says', async () => {
  const { user, tokens } = await signIn(replica, { username: ' oWNER ' });
  expect(user).toMatchObject({ username: 'Owner', fullName: 'Owner', roles: ['ROLE_OWNER'] });
  expect(tokens.refreshToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(tokens.accessExpiresAt?.seconds).toBe(Date.parse('2026-03-01T10:10:00Z') / 1000);
  expect(tokens.refreshExpiresAt?.seconds).toBe(Date.parse('2026-03-09T10:00:00Z') / 1000);
  const me = await call(replica, 'getCurrentUser', {}, { bearer: tokens.accessToken });
  expect(me).toEqual({ user, accessExpiresAt: tokens.accessExpiresAt });
});

test('neither password nor token rests in the database', async () => {
  const { tokens } = await signIn(replica);
  const rows = await query<{ row: string }>(practice.database, {
    text: `SELECT to_jsonb(users)::text AS row FROM users UNION ALL SELECT to_jsonb(sessions)::text FROM sessions
           UNION ALL SELECT to_jsonb(signing_keys)::text FROM signing_keys
           UNION ALL SELECT to_jsonb(throttle_counters)::text FROM throttle_counters`,
  });
  const stored = rows.map(({ row }) => row).join('\n');
  expect(stored).toContain('$argon2id$v=19$m=1024,t=1,p=1$');
  for (const secret of [owner.password, tokens.refreshToken, tokens.accessToken, 'PRIVATE KEY', '198.51.100.7']) {
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
  }
});

test('unknown user, wrong password and inactive account cost the same work and get the same answer', async () => {
  await addAccount(practice.database, { username: 'gone', active: false });
  const attempts = [{ username: 'nobody' }, { password: wrong }, { username: 'gone' }];
  const seen: unknown[] = [];
  for (const attempt of attempts) {
    const before = replica.passwords.computations();
    const { kind, code, message, context } = await failureOf(signIn(replica, attempt));
    seen.push({ kind, code, message, context, computations: replica.passwords.computations() - before });
  }
  expect(seen[0]).toMatchObject({ kind: 'unauthenticated', code: 'INVALID_CREDENTIALS', context: {}, computations: 1 });
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
});

test.each([
  ['/username', { username: '' }],
  ['/username', { username: '   ' }],
  ['/username', { username: 'x'.repeat(201) }],
  ['/username', { username: 'own\ner' }],
  ['/password', { password: '' }],
  ['/password', { password: 'x'.repeat(1025) }],
])('%s that cannot be is refused without work', async (pointer, attempt) => {
  const before = replica.passwords.computations();
  const failure = await failureOf(signIn(replica, attempt));
  expect(failure.code).toBe('VALIDATION_FAILED');
  expect(failure.context['errors']).toEqual([{ pointer, message: expect.any(String) }]);
  expect(replica.passwords.computations()).toBe(before);
});

test('a hash of an older cost is renewed at sign-in, and the password stays the same', async () => {
  const old = await hashPassword('once-upon-a-time', { memoryKiB: 512, passes: 2, lanes: 1 });
  await addAccount(practice.database, { username: 'veteran', passwordHash: old });
  await signIn(replica, { username: 'veteran', password: 'once-upon-a-time' });
  const [row] = await query<{ hash: string }>(practice.database, {
    text: `SELECT password_hash AS hash FROM users WHERE username_key = 'veteran'`,
  });
  expect(parsePasswordHash(row?.hash ?? '')).toMatchObject(cheapCost);
  const { user } = await signIn(replica, { username: 'veteran', password: 'once-upon-a-time' });
  expect(user?.roles).toEqual(['ROLE_STAFF', 'ROLE_CUSTOMER']);
});

describe('throttling', () => {
  test('a hundred wrong tries are stopped; the owner elsewhere gets in at once, and here after the wait', async () => {
    const before = replica.passwords.computations();
    const attacker = { password: wrong, clientAddress: '203.0.113.66' };
    const codes = new Map<string, number>();
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const code = await codeOf(signIn(replica, attacker));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(Object.fromEntries(codes)).toEqual({ INVALID_CREDENTIALS: 5, TOO_MANY_ATTEMPTS: 95 });
    expect(replica.passwords.computations() - before).toBe(5);

    expect((await signIn(replica, { clientAddress: '198.51.100.20' })).user?.username).toBe('Owner');

    const here = { clientAddress: '203.0.113.66' };
    expect((await failureOf(signIn(replica, here))).context['retryAfterSeconds']).toBe(1);
    clock.advance(1000);
    expect((await signIn(replica, here)).user?.username).toBe('Owner');
    expect(await codeOf(signIn(replica, attacker))).toBe('INVALID_CREDENTIALS');
  });

  test('tries that arrive all at once are counted as well as one after the other', async () => {
    const before = replica.passwords.computations();
    const attacker = { password: wrong, clientAddress: '203.0.113.67' };
    const codes = await Promise.all(Array.from({ length: 60 }, () => codeOf(signIn(replica, attacker))));
    expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS').length).toBeGreaterThanOrEqual(52);
    // Five are free; beyond that only those that were being computed at that moment.
    expect(replica.passwords.computations() - before).toBeLessThanOrEqual(8);
  });

  test('the delay grows with each further failure', async () => {
    const attacker = { password: wrong, clientAddress: '203.0.113.68' };
    const waits: number[] = [];
    for (let failures = 1; failures <= 9; failures += 1) {
      expect(await codeOf(signIn(replica, attacker))).toBe('INVALID_CREDENTIALS');
      if (failures < 5) continue;
      const wait = Number((await failureOf(signIn(replica, attacker))).context['retryAfterSeconds']);
      waits.push(wait);
      clock.advance(wait * 1000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16]);
  });

  test('an unknown user is throttled in the same way', async () => {
    const attacker = { username: 'nobody-at-all', clientAddress: '203.0.113.69' };
    const codes: string[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) codes.push(await codeOf(signIn(replica, attacker)));
    expect(codes).toEqual([...Array<string>(5).fill('INVALID_CREDENTIALS'), 'TOO_MANY_ATTEMPTS']);
  });

  test('one address that tries many accounts is stopped, also from all over its /64', async () => {
    const codes: string[] = [];
    for (let attempt = 0; attempt < 21; attempt += 1) {
      const clientAddress = `2001:db8:0:9::${attempt.toString(16)}`;
      codes.push(await codeOf(signIn(replica, { username: `guess-${attempt}`, clientAddress })));
    }
    expect(codes).toEqual([...Array<string>(20).fill('INVALID_CREDENTIALS'), 'TOO_MANY_ATTEMPTS']);
    expect((await signIn(replica, { clientAddress: '2001:db8:0:a::1' })).user?.username).toBe('Owner');
  });

  test('another replica knows the count', async () => {
    const second = await startReplica({ url: practice.url, clock });
    try {
      const attacker = { password: wrong, clientAddress: '203.0.113.70' };
      for (let attempt = 0; attempt < 5; attempt += 1) await codeOf(signIn(replica, attacker));
      expect(await codeOf(signIn(second, attacker))).toBe('TOO_MANY_ATTEMPTS');
    } finally {
      await second.stop();
    }
  });

  test('while all the world is guessing, a new address waits its turn once and is let in', async () => {
    await query(practice.database, {
      text: `INSERT INTO throttle_counters (scope, key, failures, last_failure_at, updated_at)
             SELECT 'global', $1, 420, $2, $2`,
      values: [await globalKey(), clock.now()],
    });
    const fromHotel = { clientAddress: '192.0.2.44' };
    expect((await failureOf(signIn(replica, fromHotel))).context['retryAfterSeconds']).toBe(8);
    clock.advance(8000);
    expect((await signIn(replica, fromHotel)).user?.username).toBe('Owner');
    expect((await signIn(replica, fromHotel)).user?.username).toBe('Owner');
  });

  test('thirty people who know their passwords are not held up by each other', async () => {
    const grants = await Promise.all(
      Array.from({ length: 30 }, () => signIn(replica, { clientAddress: '192.0.2.50' })),
    );
    expect(new Set(grants.map(({ tokens }) => tokens.sessionId)).size).toBe(30);
  });
});

/** The key of the counter of all failures, learned by making one. */
async function globalKey(): Promise<Buffer> {
  await codeOf(signIn(replica, { password: wrong, clientAddress: '192.0.2.99' }));
  const [row] = await query<{ key: Buffer }>(practice.database, {
    text: `DELETE FROM throttle_counters WHERE scope = 'global' RETURNING key`,
  });
  return row?.key ?? Buffer.alloc(0);
}

test('a sign-in under way loses against a password reset', async () => {
  const [before] = await query<{ hash: string }>(practice.database, {
    text: `SELECT password_hash AS hash FROM users WHERE username_key = 'owner'`,
  });
  let outcome: Promise<{ code: string }> | undefined;
  await withTransaction(practice.database, async (tx) => {
    const other = await hashPassword('another-password-9', cheapCost);
    await query(tx, { text: `UPDATE users SET password_hash = $1 WHERE username_key = 'owner'`, values: [other] });
    // It reads and checks the old hash, and then waits for this transaction before its session may stand.
    outcome = failureOf(signIn(replica));
    await until(
      async () => {
        const waiting = await query(practice.database, {
          text: `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO sessions%'`,
        });
        return waiting.length > 0;
      },
      { what: 'the sign-in at the lock' },
    );
  });
  expect((await outcome)?.code).toBe('INVALID_CREDENTIALS');
  await query(practice.database, {
    text: `UPDATE users SET password_hash = $1 WHERE username_key = 'owner'`,
    values: [before?.hash],
  });
});

test('only the gateway may bring a try, since the address it names is believed', async () => {
  const attempt = { ...owner, clientAddress: '198.51.100.9', userAgent: '' };
  const { code } = await failureOf(call(replica, 'authenticate', attempt, { asGateway: false }));
  expect(code).toBe('SESSION_INVALID');
});
