import { query } from '@daybook/runtime/postgres';
import { FixedClock } from '@daybook/runtime/testing';
import { calmStep, forgetSteps, shownIn, turnOn } from '../test-support/authenticator.ts';
import { createPractice, owner, type Practice } from '../test-support/practice.ts';
import { call, codeOf, failureOf, refresh, signIn, startReplica, type Replica } from '../test-support/replica.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const start = '2026-03-01T10:00:00Z';
const clock = new FixedClock(start);
let practice: Practice;
let replica: Replica;
let other: Replica;

beforeEach(async () => {
  clock.set(start);
  practice = await createPractice(clock);
  replica = await startReplica({ url: practice.url, clock });
  other = await startReplica({ url: practice.url, clock });
});
afterEach(async () => {
  await replica.stop();
  await other.stop();
  await practice.drop();
});

type State = { on: boolean; recoveryCodesLeft: number; since: { seconds: number } | null };
const stateOf = (bearer: string, at = replica) => call<State>(at, 'getSecondFactor', {}, { bearer });
const begin = (bearer: string, request: object = {}, at = replica) =>
  call<{ secret: string; uri: string }>(
    at,
    'beginSecondFactor',
    { currentPassword: owner.password, ...request },
    { bearer },
  );
const confirm = (bearer: string, code: string, at = replica) =>
  call<{ recoveryCodes: string[]; endedSessions: number }>(at, 'confirmSecondFactor', { code }, { bearer });
const change = <Answer>(method: string, bearer: string, request: object) =>
  call<Answer>(replica, method, { currentPassword: owner.password, ...request }, { bearer });
const withCode = (code: string, at = replica, clientAddress = '198.51.100.7') => signIn(at, { code, clientAddress });

/** The owner with a second factor, and how its app and codes are used. */
async function secured() {
  const { tokens } = await signIn(replica);
  const factor = await turnOn(replica, practice.database, tokens.accessToken);
  const now = async (away = 0) => shownIn((await calmStep(practice.database)) + away, factor.secret);
  return { bearer: tokens.accessToken, ...factor, now };
}

describe('turning it on', () => {
  test('counts only after a code; then other sessions end and a password alone opens none', async () => {
    const mine = (await signIn(replica)).tokens;
    const elsewhere = (await signIn(other)).tokens;
    expect(await stateOf(mine.accessToken)).toEqual({ on: false, recoveryCodesLeft: 0, since: null });
    const { secret, uri } = await begin(mine.accessToken);
    expect(uri).toContain(`secret=${secret}`);
    await signIn(other);
    const confirmed = await confirm(mine.accessToken, shownIn(await calmStep(practice.database), secret), other);
    expect(confirmed).toMatchObject({ endedSessions: 2 });
    expect(new Set(confirmed.recoveryCodes).size).toBe(10);
    expect(await codeOf(refresh(other, elsewhere.refreshToken))).toBe('SESSION_EXPIRED');
    expect(await stateOf(mine.accessToken, other)).toMatchObject({
      on: true,
      recoveryCodesLeft: 10,
      since: { seconds: Date.parse(start) / 1000 },
    });
    expect(await codeOf(signIn(replica))).toBe('SECOND_FACTOR_NEEDED');
    await refresh(replica, mine.refreshToken);
  });

  test('needs the password, in a try that counts, and a code of the key that was shown last', async () => {
    const { accessToken } = (await signIn(replica)).tokens;
    expect(await codeOf(begin(accessToken, { currentPassword: 'not-the-password' }))).toBe('INVALID_CREDENTIALS');
    expect(await failureOf(begin(accessToken, { currentPassword: '' }))).toMatchObject({
      code: 'VALIDATION_FAILED',
      context: { errors: [{ pointer: '/currentPassword' }] },
    });
    const first = await begin(accessToken);
    const second = await begin(accessToken, {}, other);
    const step = await calmStep(practice.database);
    expect(await codeOf(confirm(accessToken, shownIn(step, first.secret)))).toBe('SECOND_FACTOR_WRONG');
    await confirm(accessToken, shownIn(step, second.secret));
    expect(await codeOf(begin(accessToken))).toBe('SECOND_FACTOR_ALREADY_ON');
    expect(await codeOf(confirm(accessToken, shownIn(step + 1, second.secret)))).toBe('SECOND_FACTOR_ALREADY_ON');
  });

  test('is over fifteen minutes after the key was shown, and never begins by a code alone', async () => {
    const { accessToken } = (await signIn(replica)).tokens;
    expect(await codeOf(confirm(accessToken, '123456'))).toBe('SECOND_FACTOR_NOT_BEGUN');
    const { secret } = await begin(accessToken);
    clock.advance(15 * 60_000);
    const { tokens } = await signIn(replica);
    const code = shownIn(await calmStep(practice.database), secret);
    expect(await codeOf(confirm(tokens.accessToken, code))).toBe('SECOND_FACTOR_NOT_BEGUN');
    await signIn(replica);
  });

  test('of a sign-in under way at that moment: it opens no session without a code', async () => {
    const { accessToken } = (await signIn(replica)).tokens;
    const { secret } = await begin(accessToken);
    const code = shownIn(await calmStep(practice.database), secret);
    const opened: string[] = [];
    const tries = Array.from({ length: 16 }, (_, index) =>
      signIn(index % 2 ? replica : other).then(
        ({ tokens }) => opened.push(tokens.sessionId),
        () => undefined,
      ),
    );
    await confirm(accessToken, code);
    await Promise.all(tries);
    const sessions = await query<{ id: string }>(practice.database, {
      text: 'SELECT id FROM sessions WHERE revoked_at IS NULL',
    });
    expect(sessions).toHaveLength(1);
    expect(opened).not.toContain(sessions[0]!.id);
  });
});

describe('a code', () => {
  test('opens one session, by the one before, the present one or the next one, each once and never backwards', async () => {
    const { now } = await secured();
    expect(await codeOf(withCode(await now(-2)))).toBe('SECOND_FACTOR_WRONG');
    expect(await codeOf(withCode(await now(2)))).toBe('SECOND_FACTOR_WRONG');
    const present = await now();
    await withCode(await now(-1));
    await withCode(` ${present.slice(0, 3)} ${present.slice(3)}`, other);
    expect(await codeOf(withCode(present))).toBe('SECOND_FACTOR_WRONG');
    expect(await codeOf(withCode(await now(-1), other))).toBe('SECOND_FACTOR_WRONG');
    await withCode(await now(1));
  });

  test('that thirty-two tries show at once on two replicas opens exactly one session', async () => {
    const { now } = await secured();
    const code = await now();
    // Each from an address of its own: only the code decides, not the throttle of an address.
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, index) =>
        withCode(code, index % 2 ? replica : other, `198.51.100.${index + 1}`).then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['in', 'SECOND_FACTOR_WRONG', 'TOO_MANY_ATTEMPTS']));
  });

  test('is guessed no faster from many addresses; a right one waits too, and strangers cannot bring that about', async () => {
    const { now, recoveryCodes } = await secured();
    // Without the password nothing is counted against the code, whatever is sent with it.
    for (let guess = 0; guess < 12; guess += 1) {
      const attempt = { password: `guess-${guess}-xyz`, code: '000000', clientAddress: `203.0.113.${guess + 1}` };
      expect(await codeOf(signIn(replica, attempt))).toBe('INVALID_CREDENTIALS');
    }
    await withCode(await now());
    await forgetSteps(practice.database);
    for (let guess = 0; guess < 5; guess += 1) {
      expect(await codeOf(withCode('000000', replica, `192.0.2.${guess + 1}`))).toBe('SECOND_FACTOR_WRONG');
    }
    for (const code of [await now(), recoveryCodes[0]!, 'nonsense']) {
      expect(await failureOf(withCode(code, other, '192.0.2.99'))).toMatchObject({
        code: 'TOO_MANY_ATTEMPTS',
        context: { retryAfterSeconds: 1 },
      });
    }
    clock.advance(1_100);
    await withCode(await now(), other, '192.0.2.99');
  });

  test('wrong ones from one address, of whatever accounts, hold that address up', async () => {
    await secured();
    for (let guess = 0; guess < 20; guess += 1) {
      await query(practice.database, { text: `DELETE FROM throttle_counters WHERE scope = 'account_address'` });
      expect(await codeOf(withCode('000000'))).toBe('SECOND_FACTOR_WRONG');
    }
    expect(await codeOf(signIn(replica, { username: 'somebody-else' }))).toBe('TOO_MANY_ATTEMPTS');
  });

  test('says nothing beside a wrong password: same answer and same work with and without a second factor', async () => {
    const seen: unknown[] = [];
    const look = async (code: string) => {
      const before = replica.passwords.computations();
      const attempt = { password: 'not-the-password', code };
      const { kind, code: problem, message, context } = await failureOf(signIn(replica, attempt));
      seen.push({ kind, problem, message, context, computations: replica.passwords.computations() - before });
    };
    await look('');
    const { now } = await secured();
    await look('');
    await look(await now());
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    // The code was not even looked at: it opens a session still.
    await withCode(await now());
  });

  test('of an account without a second factor is not looked at', async () => {
    await withCode('000000');
  });
});

describe('a recovery code', () => {
  test('opens one session in place of a code, however it is typed, and is used up by thirty-two tries at once', async () => {
    const { recoveryCodes, bearer } = await secured();
    await withCode(recoveryCodes[0]!.toLowerCase().replaceAll('-', ' '));
    expect(await codeOf(withCode(recoveryCodes[0]!))).toBe('SECOND_FACTOR_WRONG');
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, index) =>
        withCode(recoveryCodes[1]!, index % 2 ? replica : other, `198.51.100.${index + 1}`).then(
          () => 'in',
          () => 'out',
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(1);
    expect(await stateOf(bearer)).toMatchObject({ recoveryCodesLeft: 8 });
  });

  test('no longer counts once new ones were made, which takes password and code', async () => {
    const { recoveryCodes, bearer, now } = await secured();
    const wrong = { currentPassword: 'not-the-password', code: await now() };
    expect(await codeOf(change('replaceRecoveryCodes', bearer, wrong))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(change('replaceRecoveryCodes', bearer, { code: '000000' }))).toBe('SECOND_FACTOR_WRONG');
    const fresh = await change<{ recoveryCodes: string[] }>('replaceRecoveryCodes', bearer, { code: await now() });
    expect(fresh.recoveryCodes).toHaveLength(10);
    expect(await codeOf(withCode(recoveryCodes[3]!))).toBe('SECOND_FACTOR_WRONG');
    await withCode(fresh.recoveryCodes[3]!);
  });

  test('rests as a hash, and the secret encrypted', async () => {
    const { recoveryCodes, secret } = await secured();
    const rows = await query<{ row: string }>(practice.database, {
      text: `SELECT to_jsonb(recovery_codes)::text AS row FROM recovery_codes
             UNION ALL SELECT to_jsonb(second_factors)::text FROM second_factors`,
    });
    expect(rows).toHaveLength(11);
    const stored = rows.map(({ row }) => row).join('\n');
    for (const shown of [...recoveryCodes, secret]) {
      expect(stored).not.toContain(shown);
      expect(stored).not.toContain(Buffer.from(shown.replaceAll('-', '')).toString('hex'));
    }
  });
});

describe('turning it off', () => {
  test('takes password and code, ends other sessions, and then the password is enough', async () => {
    const { bearer, now, recoveryCodes } = await secured();
    await withCode(await now(), other);
    expect(await codeOf(change('turnOffSecondFactor', bearer, { code: '' }))).toBe('SECOND_FACTOR_WRONG');
    expect(await codeOf(change('turnOffSecondFactor', bearer, { code: await now() }))).toBe('SECOND_FACTOR_WRONG');
    expect(
      await codeOf(change('turnOffSecondFactor', bearer, { currentPassword: 'wrong-one', code: recoveryCodes[0] })),
    ).toBe('INVALID_CREDENTIALS');
    expect(await change('turnOffSecondFactor', bearer, { code: recoveryCodes[0] })).toEqual({ endedSessions: 1 });
    expect(await stateOf(bearer)).toMatchObject({ on: false, recoveryCodesLeft: 0 });
    expect(await codeOf(change('turnOffSecondFactor', bearer, { code: recoveryCodes[1] }))).toBe(
      'SECOND_FACTOR_NOT_ON',
    );
    await signIn(replica);
    await turnOn(replica, practice.database, bearer);
  });
});

test('KEY_ENCRYPTION_KEY is changed in three steps and the app on the phone goes on; with a strange key recovery codes still count', async () => {
  const [old, fresh, strange] = [5, 6, 7].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [
    string,
    string,
    string,
  ];
  const { now, recoveryCodes } = await secured();
  const sealed = async () =>
    (
      await query<{ sealed: Buffer }>(practice.database, {
        text: 'SELECT secret_sealed AS sealed FROM second_factors',
      })
    )[0]!.sealed;
  const before = await sealed();
  const steps: [[string, ...string[]], boolean][] = [
    [[old, fresh], true],
    [[fresh, old], false],
    [[fresh], false],
  ];
  for (const [keys, same] of steps) {
    const changed = await startReplica({ url: practice.url, clock, keys });
    expect((await sealed()).equals(before)).toBe(same);
    await forgetSteps(practice.database);
    await withCode(await now(), changed).finally(() => changed.stop());
  }
  // What a restore leaves behind when the key was not kept.
  await query(practice.database, { text: 'DELETE FROM signing_keys' });
  const restored = await startReplica({ url: practice.url, clock, keys: [strange] });
  await forgetSteps(practice.database);
  expect(await codeOf(withCode(await now(), restored))).toBe('SECOND_FACTOR_WRONG');
  await withCode(recoveryCodes[0]!, restored).finally(() => restored.stop());
});
