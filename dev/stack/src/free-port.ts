import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Below the ranges from which Linux (32768) and macOS (49152) serve outgoing connections, so that a port stays free while
 * its server is stopped and started again.
 */
const [lowest, highest] = [15_000, 32_000];

/** Whether a TCP port can be bound on an address right now; nothing keeps it free afterwards. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = await tryListen(port, host);
  if (server) await close(server);
  return server !== undefined;
}

/** A TCP port that was free on the address a moment ago. Another process may still take it first: be ready to retry. */
export async function findFreePort(host = '127.0.0.1'): Promise<number> {
  const [port] = await findFreePorts(1, host);
  if (port === undefined) throw new Error('No free port was asked for.');
  return port;
}

/** Several different free ports. All are held until the last one is found, so that none comes twice. */
export async function findFreePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const held = new Map<number, Server>();
  for (let attempt = 0; held.size < count; attempt += 1) {
    if (attempt > count + 500)
      throw new Error(`No free TCP port between ${lowest} and ${highest} was found on ${host}.`);
    const port = randomInt(lowest, highest);
    const server = held.has(port) ? undefined : await tryListen(port, host);
    if (server) held.set(port, server);
  }
  await Promise.all([...held.values()].map(close));
  return [...held.keys()];
}

function tryListen(port: number, host: string): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
