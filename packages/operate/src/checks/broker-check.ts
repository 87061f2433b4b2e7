import { connect, type JetStreamManager, type NatsConnection, type StreamInfo } from 'nats';
import { ensureConsumer } from '@daybook/runtime/consumer';
import { ensureStream, jetStreamErrorCode, type StreamSpec } from '@daybook/runtime/nats';
import { readTransportFiles } from '@daybook/runtime/transport-security';
import { consumers, streams } from '../topology.ts';
import { describeFailure, fault, ok, warning, type Finding } from './check.ts';

/** How to ask the broker. */
export type BrokerOptions = {
  url: string;
  /** Makes missing streams and consumers again and sets what differs; safe to repeat. */
  repair: boolean;
};

const part = 'broker';
const oldest = [2, 10, 23] as const;
const dayNs = 86_400_000_000_000;
const toleratedSkewMs = 2000;
const repairFix =
  'Run the doctor with --repair, or restart the service that owns it: both make it again. Nothing is lost.';

async function open(address: string): Promise<NatsConnection> {
  const url = new URL(address);
  return connect({
    servers: url.host,
    name: 'doctor',
    timeout: 3000,
    maxReconnectAttempts: 0,
    ...(url.protocol === 'tls:' && { tls: readTransportFiles() ?? {} }),
    ...(url.username !== '' && { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }),
  });
}

function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number);
  const at = oldest.findIndex((wanted, index) => (parts[index] ?? 0) !== wanted);
  return at >= 0 && (parts[at] ?? 0) < (oldest[at] ?? 0);
}

async function findStream(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (jetStreamErrorCode(error) === 10_059) return undefined;
    throw error;
  }
}

function differenceOf(info: StreamInfo, spec: StreamSpec): string | undefined {
  if (info.config.subjects.join() !== spec.subjects.join()) return `listens to ${info.config.subjects.join(', ')}`;
  if (info.config.max_age !== spec.maxAgeDays * dayNs)
    return `keeps messages ${Math.round(info.config.max_age / dayNs)} days`;
  return undefined;
}

/** How many copies a stream has is the installation's own choice and stays. */
const withReplicas = (spec: StreamSpec, info: StreamInfo | undefined): StreamSpec =>
  info ? { ...spec, replicas: info.config.num_replicas } : spec;

async function checkStream(connection: NatsConnection, manager: JetStreamManager, spec: StreamSpec, repair: boolean) {
  const info = await findStream(manager, spec.name);
  // The dead letter stream is made when the first letter comes.
  if (!info && spec.name === 'DAYBOOK_DLQ' && !repair) return [];
  const says = info ? differenceOf(info, spec) : 'is missing';
  if (says === undefined) return info ? checkClock(info) : [];
  const name = `stream ${spec.name}`;
  if (!repair) return [fault(name, says, repairFix)];
  await ensureStream(connection, withReplicas(spec, info));
  return [ok(name, `${says}: made as it should be`)];
}

function checkClock(info: StreamInfo): Finding[] {
  const { ts } = info as StreamInfo & { ts?: string };
  if (ts === undefined) return [];
  const skewMs = Math.abs(Date.parse(ts) - Date.now());
  if (skewMs <= toleratedSkewMs) return [];
  const says = `the clock is ${(skewMs / 1000).toFixed(1)} s away from ours`;
  return [warning(part, says, 'Set both clocks by NTP (chrony or systemd-timesyncd).')];
}

async function checkConsumers(connection: NatsConnection, manager: JetStreamManager, repair: boolean) {
  const found: Finding[] = [];
  for (const spec of consumers) {
    const name = `consumer ${spec.durable}`;
    try {
      const info = await manager.consumers.info(spec.stream, spec.durable);
      if (info.num_pending > 1000) {
        found.push(warning(name, `${info.num_pending} messages wait for it`, 'Look at the log of that service.'));
      }
    } catch (error) {
      if (![10_014, 10_059].includes(jetStreamErrorCode(error))) throw error;
      if (!repair) found.push(fault(name, 'is missing', repairFix));
      else {
        await ensureConsumer(connection, spec);
        found.push(ok(name, 'was missing: made again'));
      }
    }
  }
  return found;
}

async function checkStore(manager: JetStreamManager): Promise<Finding[]> {
  const { storage, limits } = await manager.getAccountInfo();
  const limit = limits.max_storage;
  if (limit <= 0 || storage < limit * 0.8) return [];
  const says = `its store is ${Math.round((storage / limit) * 100)} % full`;
  return [warning(part, says, 'Give JetStream more disk (max_file_store); a full store takes no events.')];
}

/** Looks at the broker: version, JetStream, streams, consumers, room; makes again what is missing if asked to. */
export async function checkBroker({ url, repair }: BrokerOptions): Promise<Finding[]> {
  let connection: NatsConnection;
  try {
    connection = await open(url);
  } catch (error) {
    return [
      fault(
        part,
        `cannot be reached: ${describeFailure(error)}`,
        'Check NATS_URL, the user and that NATS runs. Booking goes on meanwhile; sync is late.',
      ),
    ];
  }
  try {
    const version = connection.info?.version ?? '0';
    const found: Finding[] = [];
    if (isOlder(version))
      found.push(
        fault(part, `is NATS ${version}`, 'Use 2.10.23 or newer: older ones may lose a stream when they are killed.'),
      );
    if (connection.info?.jetstream !== true) {
      return [...found, fault(part, 'has no JetStream', 'Start NATS with JetStream and a store on disk.')];
    }
    const manager = await connection.jetstreamManager({ timeout: 3000 });
    for (const spec of streams) found.push(...(await checkStream(connection, manager, spec, repair)));
    found.push(...(await checkConsumers(connection, manager, repair)), ...(await checkStore(manager)));
    const healthy = found.every(({ status }) => status === 'ok');
    return healthy ? [ok(part, `NATS ${version} with all streams and consumers`), ...found] : found;
  } catch (error) {
    const refused = /permission/i.test(describeFailure(error));
    const fix = refused
      ? 'Give the doctor a user that may use $JS.API.> (in the chart: operator).'
      : 'Check that JetStream is healthy: its own log, disk and, in a cluster, its quorum.';
    return [fault(part, `could not be looked at: ${describeFailure(error)}`, fix)];
  } finally {
    await connection.close();
  }
}

const forbiddenWaitMs = 500;

/**
 * Checks that a service's own user is let in, and cannot listen to everything. Harmless: it only tries to subscribe.
 */
export async function checkBrokerUser(name: string, url: string): Promise<Finding[]> {
  const who = `broker user ${name}`;
  let connection: NatsConnection;
  try {
    connection = await open(url);
  } catch (error) {
    return [
      fault(
        who,
        `is not let in: ${describeFailure(error)}`,
        'Compare its password with the one NATS was started with.',
      ),
    ];
  }
  try {
    const refused = new Promise<boolean>((resolve) => {
      connection.subscribe('daybook.>', { callback: (error) => resolve(error !== null) });
      setTimeout(() => resolve(false), forbiddenWaitMs);
    });
    await connection.flush();
    if (await refused) return [ok(who, 'is let in, and not to everything')];
    return [
      warning(who, 'may listen to every subject', 'Give each service a user with its own subjects, as the chart does.'),
    ];
  } catch (error) {
    return [fault(who, `could not be looked at: ${describeFailure(error)}`, 'Check its permissions.')];
  } finally {
    await connection.close().catch(() => undefined);
  }
}
