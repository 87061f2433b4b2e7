import { query, type Database } from '@daybook/runtime/postgres';

/** A comparison of both sides that has ended, in numbers. */
export type FinishedSweep = {
  id: string;
  startedAt: Date;
  finishedAt: Date;
  compared: number;
  differences: number;
  repaired: number;
  error: string;
};

/** The newest sweep that ended, by connection, of an organisation. */
export async function readLastSweeps(db: Database, organizationId: string): Promise<Map<string, FinishedSweep>> {
  const rows = await query<{
    connection_id: string;
    id: string;
    started_at: Date;
    finished_at: Date;
    compared: number;
    differences: number;
    repaired: number;
    error: string;
  }>(db, {
    name: 'read-last-sweeps',
    text: `SELECT DISTINCT ON (connection_id) connection_id, id, started_at, finished_at, compared, differences, repaired, error
           FROM sweeps WHERE organization_id = $1 AND finished_at IS NOT NULL
           ORDER BY connection_id, started_at DESC`,
    values: [organizationId],
  });
  return new Map(
    rows.map(({ connection_id: connectionId, started_at: startedAt, finished_at: finishedAt, ...rest }) => [
      connectionId,
      { ...rest, startedAt, finishedAt },
    ]),
  );
}
