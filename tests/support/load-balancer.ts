import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '@daybook/stack/start-stack';

const lookEveryMs = 100;

/** A load balancer before several gateways, as a cluster has one: new requests go only where readiness was last seen. */
export type LoadBalancer = {
  url: string;
  /** Resolves once every target was seen ready, as a rolling update waits before it takes the next. */
  waitAllReady(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Passes each request to one of the stack's gateways that answered `/readyz` at the last look (each 100 ms), in turn. It
 * retries nothing: what a gateway fails is answered 502, so that a test counts it.
 */
export async function startLoadBalancer(stack: Stack): Promise<LoadBalancer> {
  const targets = stack.gatewayUrls.map((url, replica) => ({
    url,
    readyUrl: () => `${stack.adminUrlOf('gateway', replica)}/readyz`,
  }));
  let ready: string[] = targets.map(({ url }) => url);
  let turn = 0;
  const look = async (): Promise<void> => {
    const seen = await Promise.all(
      targets.map(async ({ url, readyUrl }) =>
        (await fetch(readyUrl(), { signal: AbortSignal.timeout(500) }).catch(() => undefined))?.ok ? url : undefined,
      ),
    );
    ready = seen.filter((url) => url !== undefined);
  };
  await look();
  const timer = setInterval(() => void look(), lookEveryMs);
  const server = createServer((incoming, outgoing) => {
    const target = ready[turn % Math.max(ready.length, 1)];
    turn += 1;
    if (!target) return void outgoing.writeHead(502).end('{"code":"NO_TARGET"}');
    const { connection: _connection, ...headers } = incoming.headers;
    const onward = httpRequest(target + incoming.url, { method: incoming.method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', (error) => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end(JSON.stringify({ code: `TARGET_FAILED ${error.message}` }));
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async waitAllReady() {
      do await delay(lookEveryMs);
      while (ready.length < targets.length);
    },
    async stop() {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
