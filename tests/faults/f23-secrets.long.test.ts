import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { until } from '@daybook/runtime/testing';
import pg from 'pg';
import { turnKnob } from '../calcom/support/both-sides.ts';
import { ApiClient } from '../support/api-client.ts';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { rowsOf } from '../support/rows-of.ts';
import { startLoadBalancer, type LoadBalancer } from '../support/load-balancer.ts';
import { owner } from '../support/stack.ts';

jest.setTimeout(300_000);

const names = ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const;
const withDatabase = ['auth', 'scheduling', 'calcom-sync'] as const;
type Name = (typeof names)[number];

let folder: string;
let world: FaultWorld;
let balancer: LoadBalancer;
/** What was changed so far, by service. */
const changed: Record<Name, Record<string, string>> = {
  gateway: {},
  auth: {},
  scheduling: {},
  'calcom-sync': {},
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-secrets-'));
  const file = pathToFileURL(join(import.meta.dirname, '../support/faults/secrets-from-file.ts')).href;
  const environment = (name: Name): Record<string, string> => ({
    NODE_OPTIONS: `--import=${file}`,
    DAYBOOK_SECRETS_FILE: join(folder, `${name}.json`),
    DRAIN_DELAY_MS: '400',
  });
  world = await FaultWorld.open({
    extraEnv: {
      ...Object.fromEntries(names.map((name) => [name, environment(name)])),
      // None is to be refused for being one too many.
      gateway: { ...environment('gateway'), WEBHOOK_RATE_PER_MINUTE: '100000' },
    },
  });
  balancer = await startLoadBalancer(world.stack);
});
afterAll(async () => {
  await balancer?.stop();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Gives a service new secrets, one replica after the other, as a rollout does. */
async function rollOut(name: Name, secrets: Record<string, string>): Promise<void> {
  Object.assign(changed[name], secrets);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(changed[name]), {
    mode: 0o600,
  });
  for (const replica of [0, 1]) {
    await world.stack.process(name, replica).restart();
    if (name === 'gateway') await balancer.waitAllReady();
    await delay(300);
  }
}

/** Changes a secret under load and under the eyes of a reader whose every request must succeed. */
async function rotate(name: string, rotation: () => Promise<void>): Promise<void> {
  const failed: string[] = [];
  let asked = 0;
  const reader = await ApiClient.signIn(balancer.url, owner);
  const { faults, result } = await world.run({
    name,
    clients: 3,
    gateways: [balancer.url],
    inject: async () => {
      let running = true;
      const reading = (async () => {
        while (running) {
          const { status, problem } = await reader.request('GET', '/api/appointments?limit=5');
          asked += 1;
          if (status !== 200) failed.push(`${status} ${problem?.code}`);
          await delay(30);
        }
      })();
      try {
        await rotation();
      } finally {
        running = false;
        await reading;
      }
    },
  });
  process.stdout.write(`  ${asked} requests of the reader, ${failed.length} failed\n`);
  expect(faults).toEqual([]);
  expect(failed).toEqual([]);
  // A refusal that is right (the time is taken) counts as answered; everything else would be unknown.
  expect(result.unknown).toBe(0);
}

const calcomSync = (text: string): Promise<{ value: string | null }[]> =>
  rowsOf<{ value: string | null }>(world.stack.adminDatabaseUrl.replace(/[^/]*$/, databaseOf('calcomSync')), text);
const databaseOf = (owned: 'auth' | 'calcomSync'): string => new URL(world.stack.databaseUrls[owned]).pathname.slice(1);

/** Every delivery of Cal.com since a moment was believed, and there were some. */
async function expectHeard(since: number): Promise<void> {
  const { deliveries } = (await turnKnob(world.stack.sandboxUrl!, 'GET', '/state')) as {
    deliveries: { at: string; outcome: number | string }[];
  };
  const outcomes = deliveries.filter(({ at }) => Date.parse(at) >= since).map(({ outcome }) => outcome);
  const believed = outcomes.filter((outcome) => typeof outcome === 'number' && outcome < 300).length;
  process.stdout.write(`  ${outcomes.length} deliveries of Cal.com, ${believed} believed\n`);
  expect(outcomes.filter((outcome) => typeof outcome !== 'number' || outcome >= 300)).toEqual([]);
  expect(believed).toBeGreaterThan(0);
}

test(`F23: the key that signs tokens is retired: new tokens by a new key, old ones go on (seed ${seed})`, async () => {
  const kid = (token: string): unknown =>
    (
      JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as {
        kid: unknown;
      }
    ).kid;
  await rotate('F23 signing key', async () => {
    const old = kid(world.api.token!);
    await rowsOf(world.stack.databaseUrls.auth, 'UPDATE signing_keys SET retired_at = now() WHERE retired_at IS NULL');
    await rollOut('auth', {});
    const fresh = await ApiClient.signIn(balancer.url, owner);
    expect(kid(fresh.token!)).not.toBe(old);
    expect((await fresh.request('GET', '/api/appointments?limit=1')).status).toBe(200);
    await delay(1500);
  });
});

test(`F23: each service goes over to a second role of its database, then the first one is void (seed ${seed})`, async () => {
  const admin = world.stack.adminDatabaseUrl;
  const owners = {
    auth: 'auth',
    scheduling: 'scheduling',
    'calcom-sync': 'calcomSync',
  } as const;
  const roleOf = (name: keyof typeof owners): string => new URL(world.stack.databaseUrls[owners[name]]).username;
  await rotate('F23 database roles', async () => {
    for (const name of withDatabase) {
      const [first, second, password] = [roleOf(name), `${roleOf(name)}_b`, randomBytes(24).toString('base64url')];
      const [quoted, next] = [pg.escapeIdentifier(first), pg.escapeIdentifier(second)];
      await rowsOf(admin, `CREATE ROLE ${next} LOGIN PASSWORD ${pg.escapeLiteral(password)} IN ROLE ${quoted}`);
      const url = new URL(world.stack.databaseUrls[owners[name]]);
      url.username = second;
      url.password = password;
      await rollOut(name, { DATABASE_URL: url.href });
      await rowsOf(admin, `ALTER ROLE ${quoted} NOLOGIN`);
    }
    await delay(1500);
    for (const name of withDatabase) {
      const text = 'SELECT usename, count(*)::int AS open FROM pg_stat_activity WHERE usename = ANY ($1) GROUP BY 1';
      const open = await rowsOf<{ usename: string; open: number }>(admin, text, [[roleOf(name), `${roleOf(name)}_b`]]);
      expect(open.map(({ usename }) => usename)).toEqual([`${roleOf(name)}_b`]);
    }
    // The checker itself looks in by the first role.
    for (const name of withDatabase) await rowsOf(admin, `ALTER ROLE ${pg.escapeIdentifier(roleOf(name))} LOGIN`);
  });
});

test(`F23: a new key of Cal.com, then the old one is void (seed ${seed})`, async () => {
  const second = `cal_${randomBytes(16).toString('hex')}`;
  const setKeys = (...keys: string[]): Promise<unknown> =>
    turnKnob(world.stack.sandboxUrl!, 'POST', '/settings', {
      apiKeys: keys.map((key) => ({ key })),
    });
  await rotate('F23 key of Cal.com', async () => {
    await setKeys(world.stack.calcomApiKey, second);
    await rollOut('calcom-sync', { CALCOM_API_KEY: second });
    await setKeys(second);
    await delay(1500);
  });
});

test(`F23: the secret of the webhooks comes of age: a new one, and no delivery is refused (seed ${seed})`, async () => {
  const begun = Date.now();
  let changedAt = begun;
  await rotate('F23 secret of the webhooks', async () => {
    await calcomSync(
      "UPDATE connections SET webhook_secret_since = now() - interval '31 days', webhook_checked_at = now() - interval '1 day'",
    );
    const read = 'SELECT webhook_secret_since::text AS value FROM connections WHERE sealed_previous_secret IS NOT NULL';
    await until(async () => (await calcomSync(read)).some(({ value }) => Date.parse(value ?? '') >= begun - 1000), {
      timeoutMs: 20_000,
      what: 'a new secret of the webhooks',
    });
    changedAt = Date.now();
    await delay(4000);
  });
  await expectHeard(begun);
  await expectHeard(changedAt + 1000);
});

test(`F23: what secrets rest encrypted with is changed: known first, then used, then the old one is dropped (seed ${seed})`, async () => {
  const kept = JSON.parse(readFileSync(join(world.stack.dataDirectory, 'secrets.json'), 'utf8')) as {
    connectionEncryptionKey: string;
  };
  const [old, fresh] = [kept.connectionEncryptionKey, randomBytes(32).toString('base64')];
  const sealed = 'SELECT sealed_webhook_secret::text AS value FROM connections';
  const begun = Date.now();
  await rotate('F23 key of what is kept', async () => {
    const [before] = await calcomSync(sealed);
    await rollOut('calcom-sync', { CONNECTION_ENCRYPTION_KEY_PREVIOUS: fresh });
    await rollOut('calcom-sync', {
      CONNECTION_ENCRYPTION_KEY: fresh,
      CONNECTION_ENCRYPTION_KEY_PREVIOUS: old,
    });
    await until(async () => (await calcomSync(sealed))[0]?.value !== before?.value, {
      timeoutMs: 20_000,
      what: 'the secret to be sealed anew',
    });
    await rollOut('calcom-sync', { CONNECTION_ENCRYPTION_KEY_PREVIOUS: '' });
    await delay(4000);
  });
  await expectHeard(begun);
});

/** What `npm start` made once and keeps; the secrets a rotation begins with. */
const keptSecrets = () =>
  JSON.parse(readFileSync(join(world.stack.dataDirectory, 'secrets.json'), 'utf8')) as {
    keyEncryptionKey: string;
    serviceTokens: { gateway: string; gatewayToSync: string; calcomSync: string };
  };

test(`F23: the tokens services show each other are changed: both known, the new one shown, the old one void (seed ${seed})`, async () => {
  const { serviceTokens: old } = keptSecrets();
  const fresh = Object.fromEntries(
    Object.keys(old).map((name) => [name, randomBytes(24).toString('base64url')]),
  ) as typeof old;
  const listenersOf = { auth: 'gateway', scheduling: 'calcomSync', 'calcom-sync': 'gatewayToSync' } as const;
  const callerOf = { auth: 'gateway', scheduling: 'calcom-sync', 'calcom-sync': 'gateway' } as const;
  /** The same values everywhere, as all read one Secret: `gateway` shows the first to auth, auth takes each. */
  const environmentOf = (name: Name, value: (token: keyof typeof old) => string): Record<string, string> => ({
    ...(name !== 'gateway' && { SERVICE_TOKENS: JSON.stringify({ [callerOf[name]]: value(listenersOf[name]) }) }),
    ...(name === 'gateway' && {
      AUTH_SERVICE_TOKEN: value('gateway'),
      CALENDAR_SYNC_SERVICE_TOKEN: value('gatewayToSync'),
    }),
    ...(name === 'calcom-sync' && { SCHEDULING_SERVICE_TOKEN: value('calcomSync') }),
  });
  const begun = Date.now();
  await rotate('F23 tokens of services', async () => {
    for (const value of [
      (token: keyof typeof old) => `${old[token]},${fresh[token]}`,
      (token: keyof typeof old) => `${fresh[token]},${old[token]}`,
      (token: keyof typeof old) => fresh[token],
    ])
      for (const name of names) await rollOut(name, environmentOf(name, value));
    await delay(4000);
  });
  await expectHeard(begun);
});

test(`F23: what signing keys rest encrypted with is changed: both known, the new one used, the old one void (seed ${seed})`, async () => {
  const [old, fresh] = [keptSecrets().keyEncryptionKey, randomBytes(32).toString('base64')];
  const sealed = async () =>
    (
      await rowsOf<{ kid: string; sealed: string }>(
        world.stack.databaseUrls.auth,
        "SELECT kid, encode(private_key_sealed, 'base64') AS sealed FROM signing_keys WHERE retired_at IS NULL",
      )
    )[0]!;
  const before = await sealed();
  await rotate('F23 key of the signing keys', async () => {
    await rollOut('auth', { KEY_ENCRYPTION_KEY: `${old},${fresh}` });
    expect(await sealed()).toEqual(before);
    await rollOut('auth', { KEY_ENCRYPTION_KEY: `${fresh},${old}` });
    await rollOut('auth', { KEY_ENCRYPTION_KEY: fresh });
    await ApiClient.signIn(balancer.url, owner);
    await delay(1500);
  });
  const after = await sealed();
  expect(after.kid).toBe(before.kid);
  expect(after.sealed).not.toBe(before.sealed);
});
