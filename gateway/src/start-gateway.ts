import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startAdminServer } from '@daybook/runtime/admin-server';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { connectNats } from '@daybook/runtime/nats';
import { createTokenVerifier } from '@daybook/runtime/tokens';
import { createApp } from './app.ts';
import type { GatewayConfig } from './config.ts';
import type { VerifyToken } from './middleware/authenticate.ts';
import { startEventFeed } from './live/event-feed.ts';
import { LiveHub } from './live/live-hub.ts';
import { watchPublicCertificate } from './public-certificate.ts';
import { RevocationWatch } from './session/revocations.ts';
import type { SessionWatchTiming } from './session/revocations.ts';
import { createAuthClient } from './upstream/auth-client.ts';
import type { AuthClient } from './upstream/auth-client.ts';
import { createCalendarSyncClient } from './upstream/calendar-sync-client.ts';
import { createSchedulingClient } from './upstream/scheduling-client.ts';

/** Where a started gateway answers. */
export type RunningGateway = { httpPort: number; adminPort: number; publicUrl: string };

const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
/** Longer than common load balancers keep idle connections, so that they close first and no request is lost. */
const keepAliveTimeoutMs = 65_000;

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Stops accepting, lets requests in hand finish, and closes idle connections so that they do not hold the process. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/** Ready once the keys were seen: without them no session can be checked. It stays ready when auth goes away later. */
function keysSeen(auth: AuthClient): () => Promise<boolean | string> {
  let seen = false;
  return async () => {
    seen ||= (await auth.listSigningKeys().catch(() => [])).length > 0;
    return seen || 'auth has not given its keys yet';
  };
}

/** Composes the gateway from its configuration and starts listening. Stops with the lifecycle. */
export async function startGateway(
  config: GatewayConfig,
  { logger, lifecycle, timing }: { logger: Logger; lifecycle: Lifecycle; timing?: SessionWatchTiming },
): Promise<RunningGateway> {
  const auth = createAuthClient({ address: config.AUTH_ADDRESS, serviceToken: config.AUTH_SERVICE_TOKEN, lifecycle });
  const scheduling = createSchedulingClient({ address: config.SCHEDULING_ADDRESS, lifecycle });
  const calendarSync = createCalendarSyncClient({
    address: config.CALENDAR_SYNC_ADDRESS,
    serviceToken: config.CALENDAR_SYNC_SERVICE_TOKEN,
    lifecycle,
  });
  const sessions = new RevocationWatch({ auth, logger, lifecycle, ...(timing ? { timing } : {}) });
  const verifier = createTokenVerifier({ keys: () => auth.listSigningKeys() });
  const verify: VerifyToken = (token) => verifier.verify(token);
  const hub = new LiveHub();
  startEventFeed({
    nats: connectNats({ url: config.NATS_URL, name: 'gateway', logger, lifecycle }),
    hub,
    logger,
    lifecycle,
  });

  const server = createServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
  });
  // Requests that arrive before the app is attached wait on their connection; the port must be known for PUBLIC_URL.
  const httpPort = await listen(server, config.HOST, config.PORT);
  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${httpPort}`;
  watchPublicCertificate(publicUrl, lifecycle);
  const app = createApp({
    publicUrl,
    trustedProxies: config.TRUSTED_PROXIES,
    webFolder: config.WEB_DIST,
    version: config.DAYBOOK_VERSION,
    sourceUrl: config.SOURCE_URL,
    requestsPerMinute: config.RATE_LIMIT_PER_MINUTE,
    signInsPerMinute: config.LOGIN_RATE_PER_MINUTE,
    webhooksPerMinute: config.WEBHOOK_RATE_PER_MINUTE,
    liveConnectionsPerSession: config.LIVE_CONNECTIONS_PER_SESSION,
    liveHeartbeatMs: config.LIVE_HEARTBEAT_MS,
    ...{ logger, lifecycle, verify, sessions, hub, auth, scheduling, calendarSync },
  });
  server.on('request', app);
  lifecycle.onShutdown('intake', 'http server', () => closeServer(server));
  const { port: adminPort } = await startAdminServer({
    host: config.HOST,
    port: config.ADMIN_PORT,
    lifecycle,
    logger,
    readiness: { keys: keysSeen(auth) },
  });
  logger.info({ httpPort, adminPort, publicUrl }, 'listening');
  return { httpPort, adminPort, publicUrl };
}
