import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP hop that a test can break. */
export type TcpProxy = {
  port: number;
  /** Both directions stop without a word, as when a cable is pulled: no bytes, no reset. New connections hang too. */
  blackHole(): void;
  /**
   * Everything passes again; connections that hung stay broken, as after a network change. The server's ends of them are
   * closed, as keepalives would do within seconds: through this hop they would be answered for ever.
   */
  heal(): void;
  /** From now on every byte arrives so much later, in both directions, ms; 0 ends it. */
  slow(milliseconds: number): void;
  /** Ends every connection at once with a reset. */
  resetAll(): void;
  /**
   * The next time a client sends these bytes they are passed on, and the client's connection is reset before any answer:
   * the work is done and nobody hears of it. Resolves when that happened.
   */
  cutAfter(bytes: string): Promise<void>;
  stop(): Promise<void>;
};

type Pair = { client: Socket; server: Socket; dead: boolean };

/** Starts a hop to a port of this machine. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let hole = false;
  let latencyMs = 0;
  /** Writes at once or later; what is late stays in order, since timers of one length do. */
  const pass = (to: Socket, data: Buffer): void => {
    if (latencyMs === 0) to.write(data);
    else setTimeout(() => to.writable && to.write(data), latencyMs);
  };
  let cut: { bytes: Buffer; done: () => void } | undefined;

  const server = createServer((client) => {
    const pair: Pair = { client, server: connect(targetPort, '127.0.0.1'), dead: hole };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      pair.server.destroy();
    };
    for (const socket of [client, pair.server]) socket.on('error', end).on('close', () => !pair.dead && end());
    client.on('data', (data: Buffer) => {
      if (pair.dead) return;
      const due = cut;
      if (due && data.includes(due.bytes)) {
        cut = undefined;
        // The answer must not travel; the request must.
        pair.dead = true;
        pair.server.write(data, () => {
          client.resetAndDestroy();
          setTimeout(() => pair.server.destroy(), 500);
          due.done();
        });
        return;
      }
      pass(pair.server, data);
    });
    pair.server.on('data', (data: Buffer) => {
      if (!pair.dead) pass(client, data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    blackHole() {
      hole = true;
      for (const pair of pairs) pair.dead = true;
    },
    heal() {
      hole = false;
      for (const pair of pairs) if (pair.dead) pair.server.destroy();
    },
    slow(milliseconds) {
      latencyMs = milliseconds;
    },
    resetAll() {
      for (const { client, server: target } of pairs) {
        client.resetAndDestroy();
        target.destroy();
      }
    },
    cutAfter(bytes) {
      return new Promise((resolve) => {
        cut = { bytes: Buffer.from(bytes), done: resolve };
      });
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const { client, server: target } of pairs) {
        client.destroy();
        target.destroy();
      }
      await closed;
    },
  };
}
