import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { discardEmbeddedPostgres, startEmbeddedPostgres } from '@daybook/stack/embedded-postgres';
import type { EmbeddedPostgres } from '@daybook/stack/embedded-postgres';
import { startNatsServer } from '@daybook/stack/nats-server';
import type { NatsServer } from '@daybook/stack/nats-server';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { listPids } from '../support/faults/injections.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';

jest.setTimeout(300_000);

let folder: string;
let postgres: EmbeddedPostgres;
let nats: NatsServer;
let toPostgres: TcpProxy;
let toNats: TcpProxy;
let world: FaultWorld;

const through = (url: string, port: number): string => Object.assign(new URL(url), { port: String(port) }).href;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-faults-'));
  postgres = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    durable: true,
  });
  nats = await startNatsServer({
    storeDirectory: join(folder, 'nats'),
    syncAlways: true,
  });
  toPostgres = await startTcpProxy(postgres.port);
  toNats = await startTcpProxy(nats.port);
  world = await FaultWorld.open({
    databaseUrl: through(postgres.adminUrl, toPostgres.port),
    natsUrl: through(nats.url, toNats.port),
    logFolders: [join(folder, 'postgres'), join(folder, 'nats')],
  });
});
afterAll(async () => {
  await world?.close();
  await toPostgres?.stop();
  await toNats?.stop();
  await nats?.stop();
  await postgres?.stop();
  await discardEmbeddedPostgres(join(folder, 'postgres'));
  await rm(folder, { recursive: true, force: true });
});

async function expectAllWell(name: string, inject: (random: () => number) => Promise<void>, offPath = false) {
  const pids = listPids(world);
  const { faults, result } = await world.run({
    name,
    offPath,
    clients: 4,
    inject: (_world, random) => inject(random),
  });
  expect(faults).toEqual([]);
  expect(listPids(world)).toEqual(pids);
  return result;
}

test(`F5: the connection is cut after COMMIT was sent, fifteen times (seed ${seed})`, async () => {
  await expectAllWell('F5 cut after COMMIT', async (random) => {
    for (let cut = 0; cut < 15; cut += 1) {
      await delay(random() * 150);
      await toPostgres.cutAfter('COMMIT');
    }
  });
});

test(`F5: every connection to PostgreSQL is reset, five times (seed ${seed})`, async () => {
  await expectAllWell('F5 resets', async (random) => {
    for (let reset = 0; reset < 5; reset += 1) {
      await delay(random() * 1000);
      toPostgres.resetAll();
    }
  });
});

test(`F8: PostgreSQL is a black hole for six seconds (seed ${seed})`, async () => {
  const { settledMs } = await expectAllWell('F8 PostgreSQL silent', async () => {
    toPostgres.blackHole();
    await delay(6000);
    toPostgres.heal();
  });
  // Nobody waits out a statement whose answer cannot come any more: it took 28 s when the relays did.
  expect(settledMs).toBeLessThan(20_000);
});

test(`F8: the link to PostgreSQL takes 40 ms more each way (seed ${seed})`, async () => {
  await expectAllWell('F8 PostgreSQL slow', async () => {
    toPostgres.slow(40);
    await delay(6000);
    toPostgres.slow(0);
  });
});

test(`F8: NATS is a black hole for fifteen seconds (seed ${seed})`, async () => {
  await expectAllWell(
    'F8 NATS silent',
    async () => {
      toNats.blackHole();
      await delay(15_000);
      toNats.heal();
      toNats.resetAll();
    },
    true,
  );
});

test(`F8: the link to NATS takes 300 ms more each way (seed ${seed})`, async () => {
  await expectAllWell(
    'F8 NATS slow',
    async () => {
      toNats.slow(300);
      await delay(8000);
      toNats.slow(0);
    },
    true,
  );
});
