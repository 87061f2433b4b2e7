import type { Logger } from '@daybook/runtime/logger';
import type { Database } from '@daybook/runtime/postgres';
import type { Config } from '../config.ts';
import type { Connection } from '../domain/connection.ts';
import { refuseAddress, type AddressRules } from '../targets/calcom/base-url.ts';
import { fingerprintOf, type ConnectionContext } from './connection-context.ts';
import type { EnvironmentConnection } from './run-connections.ts';
import { createSealer } from './sealed-secrets.ts';

/** What connections stand on, as the environment says it. */
export function readConnectionContext(config: Config, database: Database, logger: Logger): ConnectionContext {
  const { CALCOM_API_URL: baseUrl, CALCOM_API_KEY: apiKey } = config;
  const keys = [...config.CONNECTION_ENCRYPTION_KEY, ...config.CONNECTION_ENCRYPTION_KEY_PREVIOUS];
  const newest = config.CONNECTION_ENCRYPTION_KEY.length > 0;
  return {
    database,
    logger,
    sealer: newest ? createSealer(keys.map((key) => Buffer.from(key.reveal(), 'base64'))) : undefined,
    rules: readRules(config),
    timeoutMs: config.CALCOM_TIMEOUT_MS,
    placeholderDomain: config.PLACEHOLDER_EMAIL_DOMAIN,
    publicUrl: config.PUBLIC_URL,
    environment: baseUrl && apiKey ? { baseUrl, apiKey } : undefined,
  };
}

function readRules(config: Config): AddressRules {
  const hosts = config.CALCOM_ALLOWED_HOSTS.split(',').map((host) => host.trim().toLowerCase());
  return {
    trustedUrl: config.CALCOM_API_URL,
    allowedHosts: hosts.filter((host) => host !== ''),
    onlyOrigin: config.CALCOM_ONLY_ORIGIN,
  };
}

/** The connection the environment names; undefined when it names none, or one that may not be used. */
export function readEnvironmentConnection(
  config: Config,
  context: ConnectionContext,
): EnvironmentConnection | undefined {
  if (!context.environment) return undefined;
  const { baseUrl, apiKey } = context.environment;
  const refusal = refuseAddress(baseUrl, context.rules);
  if (refusal) {
    context.logger.error({ refusal }, 'CALCOM_API_URL cannot be used; nothing is pushed');
    return undefined;
  }
  return {
    baseUrl: withoutCredentials(baseUrl),
    keyFingerprint: fingerprintOf(apiKey),
    organizationId: config.CALCOM_ORGANIZATION_ID,
    settings: {
      profile: profileOf(config, baseUrl),
      attendeeAddresses: config.CALCOM_ATTENDEES,
      placeholderDomain: config.PLACEHOLDER_EMAIL_DOMAIN,
    },
  };
}

function profileOf(config: Config, baseUrl: string): Connection['profile'] {
  if (config.CALCOM_PROFILE !== 'auto') return config.CALCOM_PROFILE === 'hosted' ? 'hosted' : 'self_hosted';
  return /(^|\.)cal\.com$/.test(new URL(baseUrl).hostname) ? 'hosted' : 'self_hosted';
}

function withoutCredentials(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.toString();
}
