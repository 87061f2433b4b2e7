import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { listPids } from '../support/faults/injections.ts';
import { startIn } from '../support/api-client.ts';

jest.setTimeout(400_000);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.open();
});
afterAll(() => world?.close());

const portOf = (gateway: number): number => Number(new URL(world.stack.gatewayUrls[gateway % 2]!).port);

async function openSocket(gateway: number): Promise<Socket> {
  const socket = connect(portOf(gateway), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()));
  return socket;
}

/** Reads a place and answers its status; 0 when there was no answer within half a minute. */
function ask(agent: Agent, url: URL): Promise<number> {
  const headers = { authorization: `Bearer ${world.api.token}` };
  return new Promise((resolve) => {
    get(url, { agent, headers, timeout: 30_000 }, (answer) => {
      answer.resume().once('close', () => resolve(answer.statusCode ?? 0));
    })
      .once('timeout', function (this: { destroy(): void }) {
        this.destroy();
      })
      .once('error', () => resolve(0));
  });
}

/** What an honest person waits meanwhile: the answers and the longest, ms. */
async function serve(times: number): Promise<{ statuses: number[]; longest: number }> {
  const statuses: number[] = [];
  let longest = 0;
  for (let turn = 0; turn < times; turn += 1) {
    const begun = performance.now();
    const { status } = await world.api.request('GET', '/api/appointments?limit=5');
    longest = Math.max(longest, performance.now() - begun);
    statuses.push(status);
    await delay(50);
  }
  return { statuses, longest };
}

async function expectAllWell(name: string, inject: () => Promise<void>): Promise<void> {
  const pids = listPids(world);
  const { faults } = await world.run({ name, clients: 3, inject });
  expect(faults).toEqual([]);
  expect(listPids(world)).toEqual(pids);
}

test(`F20: two hundred clients that never pause: each is served or sent away, none waits without end (seed ${seed})`, async () => {
  const seen: Record<number, number> = {};
  const served: number[] = [];
  await expectAllWell('F20 overload', async () => {
    const end = performance.now() + 8000;
    const agent = new Agent({ keepAlive: true });
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const path = `/api/slots?from=${startIn(40, 0)}&to=${startIn(60, 0)}&durationMinutes=30`;
        while (performance.now() < end) {
          const begun = performance.now();
          const status = await ask(agent, new URL(path, world.stack.gatewayUrls[index % 2]));
          seen[status] = (seen[status] ?? 0) + 1;
          if (status === 200) served.push(performance.now() - begun);
        }
      }),
    );
    // The clients go, so that what is still open afterwards is the gateway's own (I10).
    agent.destroy();
  });
  served.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(served[Math.floor(served.length * share)] ?? Number.NaN);
  process.stdout.write(`  answers by status: ${JSON.stringify(seen)}; served in ${at(0.5)} ms, p99 ${at(0.99)} ms\n`);
  expect(Object.keys(seen).filter((status) => !['200', '429', '503', '504'].includes(status))).toEqual([]);
  expect(seen[200]).toBeGreaterThan(0);
  // Every call inside has a deadline; what is served later than those would be waiting in a queue without end.
  expect(at(0.99)).toBeLessThan(10_000);
});

test(`F20: ten thousand idle connections (seed ${seed})`, async () => {
  await expectAllWell('F20 idle connections', async () => {
    const sockets: Socket[] = [];
    for (let batch = 0; batch < 100; batch += 1)
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, (_, index) => openSocket(index)))));
    const { statuses, longest } = await serve(20);
    const open = sockets.filter(({ destroyed }) => !destroyed).length;
    process.stdout.write(`  ${open} connections open; an honest request took ${Math.round(longest)} ms at most\n`);
    expect(open).toBeGreaterThan(9000);
    for (const socket of sockets) socket.destroy();
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    await delay(1500);
  });
});

test(`F20: five hundred clients that send a byte a second (seed ${seed})`, async () => {
  await expectAllWell('F20 slow clients', async () => {
    const sockets = await Promise.all(Array.from({ length: 500 }, (_, index) => openSocket(index)));
    const begun = performance.now();
    const closed = sockets.map(
      (socket) => new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now() - begun))),
    );
    const head = 'POST /api/appointments HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
    for (const socket of sockets) socket.write(head);
    const dripping = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('a');
    }, 1000);
    const { statuses } = await serve(20);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    const longest = Math.max(...(await Promise.all(closed)));
    clearInterval(dripping);
    process.stdout.write(`  the last slow client was let go after ${Math.round(longest)} ms\n`);
    expect(longest).toBeLessThan(60_000);
  });
});

test(`F20: bodies of a megabyte are refused without being read (seed ${seed})`, async () => {
  const statuses: number[] = [];
  await expectAllWell('F20 large bodies', async () => {
    const body = JSON.stringify({ notes: 'x'.repeat(1_000_000) });
    for (let round = 0; round < 10; round += 1)
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const answer = await fetch(`${world.stack.gatewayUrls[index % 2]}/api/appointments`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              authorization: `Bearer ${world.api.token}`,
            },
            body,
          }).catch(() => undefined);
          if (answer) statuses.push(answer.status);
          await answer?.arrayBuffer().catch(() => undefined);
        }),
      );
  });
  expect(new Set(statuses)).toEqual(new Set([413]));
});
