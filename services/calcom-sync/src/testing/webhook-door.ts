import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@daybook/runtime/errors';
import type { Database } from '@daybook/runtime/postgres';
import { receiveWebhook } from '../connections/receive-webhook.ts';
import type { Sealer } from '../connections/sealed-secrets.ts';

/** The public door as the gateway keeps it: takes raw bytes at /webhooks/calcom/{id} and hands them on. */
export type WebhookDoor = {
  url: string;
  /** What came in, with what was answered. */
  deliveries: { connectionId: string; body: Buffer; signature: string; status: number }[];
  stop(): Promise<void>;
};

/** Opens the door over a database. */
export async function openWebhookDoor(database: Database, sealer: Sealer): Promise<WebhookDoor> {
  const deliveries: WebhookDoor['deliveries'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const connectionId = request.url?.split('/').at(-1) ?? '';
      const header = request.headers['x-cal-signature-256'];
      const webhook = {
        connectionId,
        body: Buffer.concat(chunks),
        signature: typeof header === 'string' ? header : '',
      };
      void receiveWebhook({ database, sealer }, webhook)
        .then(() => 204)
        .catch((error: unknown) => (error instanceof DomainError ? 401 : 500))
        .then((status) => {
          deliveries.push({ ...webhook, status });
          response.writeHead(status).end();
        });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    deliveries,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
