import { query } from '@daybook/runtime/postgres';
import { FixedClock } from '@daybook/runtime/testing';
import { deriveKeyMaterial } from './key-material.ts';
import { createPractice, lifetimes, type Practice } from '../test-support/practice.ts';
import { call, signIn, startReplica } from '../test-support/replica.ts';
import { createSigningKeyring, type PublicSigningKey } from './signing-keyring.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const clock = new FixedClock('2026-03-01T10:00:00Z');
const { sealing } = deriveKeyMaterial(Buffer.alloc(32, 5));
let practice: Practice;

beforeEach(async () => {
  practice = await createPractice(clock);
});
afterEach(() => practice.drop());

const ring = () =>
  createSigningKeyring({ database: practice.database, clock, sealingKeys: [sealing], accessMs: lifetimes.accessMs });

const retireAll = () =>
  query(practice.database, { text: 'UPDATE signing_keys SET retired_at = $1', values: [clock.now()] });

test('replicas that start at once make one key', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => ring().current()));
  expect(new Set(keys.map((key) => key.kid)).size).toBe(1);
  expect(await query(practice.database, { text: 'SELECT FROM signing_keys' })).toHaveLength(1);
});

test('a retired key stops signing, a new one is made, and both verify until the last token has ended', async () => {
  const old = await ring().current();
  await retireAll();
  const next = await ring().current();
  expect(next.kid).not.toBe(old.kid);
  expect((await ring().publicKeys()).map((key) => key.kid)).toEqual([next.kid, old.kid]);
  clock.advance(lifetimes.accessMs + 6 * 60_000);
  expect((await ring().publicKeys()).map((key) => key.kid)).toEqual([next.kid]);
});

test('the keys are public P-256 keys and need no credential; tokens of before a rotation still count', async () => {
  const replica = await startReplica({ url: practice.url, clock });
  try {
    const { tokens } = await signIn(replica);
    await retireAll();
    const after = await startReplica({ url: practice.url, clock });
    try {
      const { keys } = await call<{ keys: PublicSigningKey[] }>(after, 'listSigningKeys', {});
      expect(keys).toHaveLength(2);
      for (const key of keys) expect(key.publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----/);
      expect(JSON.stringify(keys)).not.toContain('PRIVATE');
      const me = await call<{ user: { username: string } }>(
        after,
        'getCurrentUser',
        {},
        { bearer: tokens.accessToken },
      );
      expect(me.user.username).toBe('Owner');
      const fresh = await signIn(after);
      await call(after, 'getCurrentUser', {}, { bearer: fresh.tokens.accessToken });
    } finally {
      await after.stop();
    }
  } finally {
    await replica.stop();
  }
});

test('with another KEY_ENCRYPTION_KEY the service does not start', async () => {
  await ring().current();
  const key = Buffer.alloc(32, 6).toString('base64');
  await expect(startReplica({ url: practice.url, clock, keys: [key] })).rejects.toThrow(/KEY_ENCRYPTION_KEY/);
});

test('KEY_ENCRYPTION_KEY is changed in three steps: known, used, alone; the signing key stays and rests under the new one', async () => {
  const [old, fresh] = [5, 6].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string];
  const { kid } = await ring().current();
  const sealed = async () =>
    (
      await query<{ sealed: Buffer }>(practice.database, {
        text: 'SELECT private_key_sealed AS sealed FROM signing_keys',
      })
    )[0]!.sealed;
  const before = await sealed();
  const known = await startReplica({ url: practice.url, clock, keys: [old, fresh] });
  expect(await sealed()).toEqual(before);
  const used = await startReplica({ url: practice.url, clock, keys: [fresh, old] });
  expect(await sealed()).not.toEqual(before);
  const alone = await startReplica({ url: practice.url, clock, keys: [fresh] });
  try {
    const replicas = [known, used, alone];
    for (const replica of replicas) {
      // A minute on, so that each reads the key anew.
      clock.advance(61_000);
      const { tokens } = await signIn(replica);
      const header = JSON.parse(Buffer.from(tokens.accessToken.split('.')[0]!, 'base64url').toString()) as {
        kid: string;
      };
      expect(header.kid).toBe(kid);
      for (const other of replicas) await call(other, 'getCurrentUser', {}, { bearer: tokens.accessToken });
    }
    await expect(startReplica({ url: practice.url, clock, keys: [old] })).rejects.toThrow(/KEY_ENCRYPTION_KEY/);
  } finally {
    await Promise.all([known, used, alone].map((replica) => replica.stop()));
  }
});
