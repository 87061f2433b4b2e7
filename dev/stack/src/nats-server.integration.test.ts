import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, StringCodec } from 'nats';
import { isAtLeast } from './nats-sources.ts';
import { resolveNatsServer, startNatsServer, type NatsServer } from './nats-server.ts';
import { makeScratch } from './test-support/scratch.ts';

jest.setTimeout(120_000);

async function countMessages(url: string): Promise<number> {
  const connection = await connect({ servers: url });
  const manager = await connection.jetstreamManager();
  const { state } = await manager.streams.info('KEPT');
  await connection.close();
  return state.messages;
}

async function publish(url: string, text: string): Promise<void> {
  const connection = await connect({ servers: url });
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name: 'KEPT', subjects: ['kept.>'] });
  await connection.jetstream().publish('kept.one', StringCodec().encode(text));
  await connection.close();
}

describe('NATS server', () => {
  const scratch = makeScratch();
  const storeDirectory = join(scratch.path, 'nats');
  let running: NatsServer | undefined;
  const start = async (port = 0) => (running = await startNatsServer({ storeDirectory, syncAlways: true, port }));

  afterAll(async () => {
    await running?.stop();
    scratch.remove();
  });

  test('keeps acknowledged messages over a stop and over a kill, on the same port', async () => {
    const first = await start();
    await publish(first.url, 'before the stop');
    await first.stop();
    const second = await start(first.port);
    expect(second.url).toBe(first.url);
    await publish(second.url, 'before the kill');
    second.kill('SIGKILL');
    const third = await start(first.port);
    expect(await countMessages(third.url)).toBe(2);
  });

  test('ends the server of an earlier run on the same store', async () => {
    const earlier = await start();
    await start();
    expect((await earlier.exited).code).toBe(0);
  });

  test('is new enough, and says what it limits itself to', async () => {
    const server = await start();
    const { version } = await resolveNatsServer();
    expect(isAtLeast(version, '2.10.23')).toBe(true);
    const answer = (await (await fetch(`${server.monitorUrl}/varz`)).json()) as { jetstream: { config: unknown } };
    expect(answer.jetstream.config).toMatchObject({ max_memory: 64 * 1024 * 1024, sync_interval: expect.any(Number) });
  });
});

describe('NATS_SERVER_BIN', () => {
  const before = process.env['NATS_SERVER_BIN'];
  afterEach(() => {
    if (before === undefined) delete process.env['NATS_SERVER_BIN'];
    else process.env['NATS_SERVER_BIN'] = before;
  });

  test.each([
    ['#!/bin/sh\necho "nats-server: v2.9.10"\n', /NATS 2\.9\.10; Daybook needs 2\.10\.23 or newer/],
    ['#!/bin/sh\necho hello\n', /is no NATS server/],
  ])('is refused when it is no server or too old', async (content, message) => {
    const scratch = makeScratch();
    const file = join(scratch.path, 'nats-server');
    writeFileSync(file, content);
    chmodSync(file, 0o755);
    process.env['NATS_SERVER_BIN'] = file;
    await expect(resolveNatsServer()).rejects.toThrow(message);
    scratch.remove();
  });
});

test.each([
  ['2.10.23', '2.10.23', true],
  ['2.10.9', '2.10.23', false],
  ['2.9.99', '2.10.0', false],
  ['3.0.0', '2.99.99', true],
])('version %s is at least %s: %s', (a, b, expected) => {
  expect(isAtLeast(a, b)).toBe(expected);
});
