import { isIP } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { schemas, serviceEnvironment } from '@daybook/runtime/config';
import type { Secret } from '@daybook/runtime/config';

const namedProxies = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isProxyEntry(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (namedProxies.has(entry)) return true;
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Whether a host name means this very machine; only there may a session travel over plain http. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)));
}

const ratePerMinute = z.coerce.number().int().min(1, 'must be at least 1; limits cannot be turned off').max(10_000_000);
const proxyList = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .refine((entries) => entries.every(isProxyEntry), 'must be addresses or networks, separated by commas');

/** The gateway's environment. Addresses are host:port; rates count requests per minute. */
export const gatewayEnvironment = z.object({
  HOST: serviceEnvironment.shape.HOST,
  LOG_LEVEL: serviceEnvironment.shape.LOG_LEVEL,
  ADMIN_PORT: serviceEnvironment.shape.ADMIN_PORT,
  PORT: schemas.port,
  AUTH_ADDRESS: z.string(),
  SCHEDULING_ADDRESS: z.string(),
  CALENDAR_SYNC_ADDRESS: z.string(),
  NATS_URL: z.string(),
  AUTH_SERVICE_TOKEN: schemas.shownSecret,
  /** Our secret towards calendar sync; without it no webhook is taken. */
  CALENDAR_SYNC_SERVICE_TOKEN: schemas.shownSecret.optional(),
  PUBLIC_URL: z
    .string()
    .refine(isPublicUrl, 'must be an https origin; plain http only for localhost, 127.0.0.1 and [::1]')
    .transform((text) => new URL(text).origin)
    .optional(),
  TRUSTED_PROXIES: proxyList.default([]),
  WEB_DIST: z.string().default(join(process.cwd(), 'web', 'dist')),
  SOURCE_URL: z.string().optional(),
  DAYBOOK_VERSION: z.string().default('0.1.0'),
  RATE_LIMIT_PER_MINUTE: ratePerMinute.default(1200),
  LOGIN_RATE_PER_MINUTE: ratePerMinute.default(30),
  WEBHOOK_RATE_PER_MINUTE: ratePerMinute.default(600),
  LIVE_CONNECTIONS_PER_SESSION: z.coerce.number().int().min(1).max(1000).default(6),
  LIVE_HEARTBEAT_MS: z.coerce.number().int().min(50).max(60_000).default(15_000),
});

/** The gateway's settings as parsed from the environment. */
export type GatewayConfig = Omit<z.output<typeof gatewayEnvironment>, 'AUTH_SERVICE_TOKEN'> & {
  AUTH_SERVICE_TOKEN: Secret;
};
