import { ConfigError } from '@daybook/runtime/config';
import type { PortName } from './stack-layout.ts';

/** What `npm start` was told by its environment. */
export type Settings = {
  dataDirectory: string;
  ports: Record<PortName, number>;
  ownerUsername: string | undefined;
  ownerPassword: string | undefined;
  databaseUrl: string | undefined;
  natsUrl: string | undefined;
  calcomApiUrl: string | undefined;
  calcomApiKey: string | undefined;
};

/** The variable and the default of each port; 0 = any free port. */
export const portVariables: Readonly<Record<PortName, { variable: string; byDefault: number }>> = {
  gateway: { variable: 'PORT', byDefault: 8080 },
  sandbox: { variable: 'CALCOM_SANDBOX_PORT', byDefault: 8090 },
  gatewayAdmin: { variable: 'GATEWAY_ADMIN_PORT', byDefault: 9080 },
  authAdmin: { variable: 'AUTH_ADMIN_PORT', byDefault: 9081 },
  schedulingAdmin: { variable: 'SCHEDULING_ADMIN_PORT', byDefault: 9082 },
  calcomSyncAdmin: { variable: 'CALCOM_SYNC_ADMIN_PORT', byDefault: 9083 },
  authGrpc: { variable: 'AUTH_GRPC_PORT', byDefault: 0 },
  schedulingGrpc: { variable: 'SCHEDULING_GRPC_PORT', byDefault: 0 },
  calcomSyncGrpc: { variable: 'CALCOM_SYNC_GRPC_PORT', byDefault: 0 },
};

/**
 * Reads the settings of `npm start`. An empty variable counts as absent.
 *
 * @throws ConfigError that lists every wrong variable at once.
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const faults: string[] = [];
  const read = (name: string) => env[name]?.trim() || undefined;
  const readPort = ({ variable, byDefault }: { variable: string; byDefault: number }) => {
    const text = read(variable);
    if (text === undefined) return byDefault;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    faults.push(`${variable} must be a port from 0 to 65535 (0 = any free port)`);
    return byDefault;
  };
  const readUrl = (variable: string, protocols: readonly string[], example: string) => {
    const text = read(variable);
    if (text === undefined) return undefined;
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
      faults.push(`${variable} must be a URL such as ${example}`);
    }
    return text;
  };
  const ports = Object.fromEntries(
    Object.entries(portVariables).map(([name, port]) => [name, readPort(port)]),
  ) as Record<PortName, number>;
  const settings: Settings = {
    dataDirectory: read('DAYBOOK_DATA_DIR') ?? '.daybook',
    ports,
    ownerUsername: read('OWNER_USERNAME'),
    // Spaces may be part of a password.
    ownerPassword: env['OWNER_PASSWORD'] || undefined,
    databaseUrl: readUrl(
      'DATABASE_URL',
      ['postgres:', 'postgresql:'],
      'postgres://admin:secret@localhost:5432/postgres',
    ),
    natsUrl: readUrl('NATS_URL', ['nats:', 'tls:'], 'nats://localhost:4222'),
    calcomApiUrl: readUrl('CALCOM_API_URL', ['http:', 'https:'], 'https://api.cal.com/v2'),
    calcomApiKey: read('CALCOM_API_KEY'),
  };
  if (settings.calcomApiUrl && !settings.calcomApiKey) faults.push('CALCOM_API_KEY is required with CALCOM_API_URL');
  if (settings.calcomApiKey && !settings.calcomApiUrl) {
    faults.push('CALCOM_API_URL is required with CALCOM_API_KEY (Cal.com itself: https://api.cal.com/v2)');
  }
  faults.push(...findRepeatedPorts(ports));
  if (faults.length > 0) throw new ConfigError(faults);
  return settings;
}

function findRepeatedPorts(ports: Record<PortName, number>): string[] {
  const byPort = Map.groupBy(
    Object.entries(portVariables).filter(([name]) => ports[name as PortName] !== 0),
    ([name]) => ports[name as PortName],
  );
  return [...byPort]
    .filter(([, users]) => users.length > 1)
    .map(([port, users]) => `${users.map(([, { variable }]) => variable).join(' and ')} are both ${port}`);
}
