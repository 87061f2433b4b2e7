import { join } from 'node:path';
import type { DatabaseOwner, DatabaseUrls } from '@daybook/provision/databases';
import { findFreePorts, isPortFree } from './free-port.ts';
import type { StackSecrets } from './stack-secrets.ts';

/** Our own processes that may run several times. */
export type ServiceName = 'auth' | 'scheduling' | 'calcom-sync' | 'gateway';

/** Every process of ours. */
export type ProcessName = ServiceName | 'sandbox';

/** The ports a caller may fix; 0 or absent means any free one. */
export type PortName =
  | 'gateway'
  | 'sandbox'
  | 'gatewayAdmin'
  | 'authAdmin'
  | 'schedulingAdmin'
  | 'calcomSyncAdmin'
  | 'authGrpc'
  | 'schedulingGrpc'
  | 'calcomSyncGrpc';

/** One process of a service: its main port (HTTP of the gateway, gRPC of the others) and its admin port. */
export type Instance = { service: ServiceName; replica: number; label: string; port: number; adminPort: number };

/** All instances, in the order they are listed. */
export type Layout = { instances: Instance[]; sandboxPort: number };

/** The services in the order in which they are named everywhere. */
export const serviceNames: readonly ServiceName[] = ['auth', 'scheduling', 'calcom-sync', 'gateway'];

/** The only interface that anything of the stack listens on. */
export const host = '127.0.0.1';

/** The folder of the repository. */
export const repositoryRoot = join(import.meta.dirname, '..', '..', '..');

const portNames: Readonly<Record<ServiceName, { port: PortName; admin: PortName }>> = {
  auth: { port: 'authGrpc', admin: 'authAdmin' },
  scheduling: { port: 'schedulingGrpc', admin: 'schedulingAdmin' },
  'calcom-sync': { port: 'calcomSyncGrpc', admin: 'calcomSyncAdmin' },
  gateway: { port: 'gateway', admin: 'gatewayAdmin' },
};

/**
 * Gives every process its ports. They are chosen here and not by the processes, so that a process that is started again
 * has the address that the others know. Fixed ports go to the first replica.
 */
export async function layOut(
  replicas: Partial<Record<ServiceName, number>>,
  ports: Partial<Record<PortName, number>>,
): Promise<Layout> {
  const wanted = serviceNames.flatMap((service) =>
    Array.from({ length: replicas[service] ?? 1 }, (_, replica) => ({ service, replica })),
  );
  const free = await findFreePorts(wanted.length * 2 + 1, host);
  const take = (fixed: number | undefined) => fixed || (free.pop() ?? 0);
  const instances = wanted.map(({ service, replica }) => ({
    service,
    replica,
    label: replica === 0 ? service : `${service}#${replica + 1}`,
    port: take(replica === 0 ? ports[portNames[service].port] : 0),
    adminPort: take(replica === 0 ? ports[portNames[service].admin] : 0),
  }));
  return { instances, sandboxPort: take(ports.sandbox) };
}

/** Ports that were asked for are in use, or were asked for twice. */
export class PortsTakenError extends Error {
  readonly taken: readonly { name: PortName; port: number }[];

  constructor(taken: readonly { name: PortName; port: number }[]) {
    super(`Ports in use: ${taken.map(({ name, port }) => `${port} (${name})`).join(', ')}.`);
    this.name = 'PortsTakenError';
    this.taken = taken;
  }
}

/** @throws PortsTakenError that names every fixed port that cannot be had. */
export async function assertPortsFree(ports: Partial<Record<PortName, number>>): Promise<void> {
  const fixed = Object.entries(ports).flatMap(([name, port]) => (port ? [{ name: name as PortName, port }] : []));
  const first = fixed.map(({ port }, at) => fixed.findIndex((each) => each.port === port) === at);
  const bindable: boolean[] = [];
  // One after the other: two checks of the same port at once would disturb each other.
  for (const { port } of fixed) bindable.push(await isPortFree(port, host));
  const taken = fixed.filter((_, at) => !first[at] || !bindable[at]);
  if (taken.length > 0) throw new PortsTakenError(taken);
}

/** What the environment of the services is made of. */
export type EnvironmentParts = {
  layout: Layout;
  databases: Record<DatabaseOwner, DatabaseUrls>;
  secrets: StackSecrets;
  natsUrl: string;
  calcomApiUrl: string;
  calcomApiKey: string;
};

function sandboxApiUrl({ sandboxPort }: Layout): string {
  return `http://${host}:${sandboxPort}/v2`;
}

function publicUrlOf({ instances }: Layout): string {
  return `http://localhost:${instances.find(({ service }) => service === 'gateway')?.port}`;
}

/** The environment of one instance. */
export function environmentOf(instance: Instance, parts: EnvironmentParts): Record<string, string> {
  const { databases, secrets, natsUrl } = parts;
  const address = (service: ServiceName) => addressOf(service, parts.layout);
  const common = { NODE_ENV: 'production', HOST: host, ADMIN_PORT: String(instance.adminPort) };
  const grpc = { ...common, GRPC_PORT: String(instance.port) };
  switch (instance.service) {
    case 'auth':
      return {
        ...grpc,
        DATABASE_URL: databases.auth.app,
        KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
        SERVICE_TOKENS: JSON.stringify({ gateway: secrets.serviceTokens.gateway }),
        // Hashing a password takes memory anew each time; large pages save most of the page faults.
        ...(process.platform === 'linux' ? { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' } : {}),
      };
    case 'scheduling':
      return {
        ...grpc,
        DATABASE_URL: databases.scheduling.app,
        NATS_URL: natsUrl,
        AUTH_ADDRESS: address('auth'),
        SERVICE_TOKENS: JSON.stringify({ 'calcom-sync': secrets.serviceTokens.calcomSync }),
        SYNC_TARGET_ENABLED: 'true',
        DEFAULT_TIME_ZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
      };
    case 'calcom-sync':
      return {
        ...grpc,
        DATABASE_URL: databases.calcomSync.app,
        NATS_URL: natsUrl,
        AUTH_ADDRESS: address('auth'),
        SCHEDULING_ADDRESS: address('scheduling'),
        SERVICE_TOKENS: JSON.stringify({ gateway: secrets.serviceTokens.gatewayToSync }),
        CONNECTION_ENCRYPTION_KEY: secrets.connectionEncryptionKey,
        // Only the sandbox can call this machine by a name of its own.
        ...(parts.calcomApiUrl === sandboxApiUrl(parts.layout) ? { PUBLIC_URL: publicUrlOf(parts.layout) } : {}),
        SCHEDULING_SERVICE_TOKEN: secrets.serviceTokens.calcomSync,
        CALCOM_API_URL: parts.calcomApiUrl,
        CALCOM_API_KEY: parts.calcomApiKey,
      };
    case 'gateway':
      return {
        ...common,
        PORT: String(instance.port),
        NATS_URL: natsUrl,
        AUTH_ADDRESS: address('auth'),
        SCHEDULING_ADDRESS: address('scheduling'),
        CALENDAR_SYNC_ADDRESS: address('calcom-sync'),
        AUTH_SERVICE_TOKEN: secrets.serviceTokens.gateway,
        CALENDAR_SYNC_SERVICE_TOKEN: secrets.serviceTokens.gatewayToSync,
        PUBLIC_URL: `http://localhost:${instance.port}`,
        WEB_DIST: join(repositoryRoot, 'web', 'dist'),
      };
  }
}

/** A file of a service, in this or in another tree of the sources. */
export function serviceFile(service: ServiceName, file: string, root = repositoryRoot): string {
  const folder = service === 'gateway' ? ['gateway'] : ['services', service];
  return join(root, ...folder, 'src', file);
}

/** One address, or all replicas in the form that gRPC's round robin takes. */
function addressOf(service: ServiceName, layout: Layout): string {
  const all = layout.instances.filter((each) => each.service === service).map((each) => `${host}:${each.port}`);
  return all.length === 1 ? String(all[0]) : `ipv4:${all.join(',')}`;
}
