import type { Database } from '@daybook/runtime/postgres';
import { countWork, listConnections as readConnections } from '../db/connection-repository.ts';
import { readLatencies, type Latency } from '../db/latency-repository.ts';
import { readLastSweeps, type FinishedSweep } from '../db/last-sweep-repository.ts';
import type { Connection, WorkCount } from '../domain/connection.ts';

/** A connection as people see it. */
export type ShownConnection = {
  connection: Connection;
  work: WorkCount;
  latency: Latency | undefined;
  lastSweep: FinishedSweep | undefined;
};

const noWork: WorkCount = { pending: 0, parked: 0, oldestPendingSeconds: 0 };

/** The organisation's connections with their work and figures; empty before anything of the organisation was seen. */
export async function showConnections(database: Database, organizationId: string): Promise<ShownConnection[]> {
  const [connections, work, latencies, sweeps] = await Promise.all([
    readConnections(database, organizationId),
    countWork(database),
    readLatencies(database, organizationId),
    readLastSweeps(database, organizationId),
  ]);
  return connections.map((connection) => ({
    connection,
    work: work.get(connection.id) ?? noWork,
    latency: latencies.get(connection.id),
    lastSweep: sweeps.get(connection.id),
  }));
}
